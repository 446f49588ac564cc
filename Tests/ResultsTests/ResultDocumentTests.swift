import Results
import Testing

@Suite struct ResultDocumentTests {
  @Test func documentOfTheFunctionIsRead() throws {
    let read = try ResultDocument(parsing: Array(document("rex.jpg", version: "v1").utf8))
    #expect(read.endpoint == "dog-breeds")
    #expect(read.variant == "AllTraffic")
    #expect(read.requestID == "request-1")
    #expect(read.s3Milliseconds == 12)
    #expect(read.endpointMilliseconds == 34)
    #expect(read.image == ImageReference(bucket: "photos", key: "rex.jpg", versionID: "v1"))
    #expect(read.eTag == "5d41")
    #expect(read.sequencer == "0055AE")
    #expect(read.best == .init("001.Affenpinscher", 0.75))
    #expect(read.isComplete)
    #expect(read.ranking.map(\.label) == ["001.Affenpinscher", "002.Afghan_hound"])
  }

  @Test func asManyClassesAsAskedForAreRead() throws {
    let bytes = Array(document("rex.jpg").utf8)
    #expect(try ResultDocument(parsing: bytes, ranking: 0).ranking.isEmpty)
    #expect(try ResultDocument(parsing: bytes, ranking: 1).ranking.count == 1)
  }

  @Test func onlyTheBestClassesOfAModelAreNotAllOfThem() throws {
    let text =
      #"{"endpoint":"e","source":{"bucket":"b","key":"k"},"class":"a","complete":false,"probabilities":[{"class":"a"}]}"#
    let read = try ResultDocument(parsing: Array(text.utf8))
    #expect(!read.isComplete)
    #expect(read.best == .init("a", nil))
    #expect(read.ranking == [.init("a", nil)])
  }

  @Test(arguments: [
    ("", "is not JSON"), ("{", "is not JSON"), ("[]", "has no source"), ("{}", "has no source"),
    (#"{"source":{"bucket":"b"}}"#, "has no source with bucket and key"),
    (#"{"source":{"bucket":"b","key":"k"}}"#, "has no endpoint"),
  ])
  func anythingElseIsNamed(text: String, problem: String) {
    let error = #expect(throws: ResultProblem.self) {
      try ResultDocument(parsing: Array(text.utf8))
    }
    #expect(error?.description.hasPrefix(problem) == true)
  }

  @Test func valuesThatMeanNothingAreLeftOut() throws {
    let text =
      #"{"endpoint":"e","source":{"bucket":"b","key":"k"},"class":"a","probability":NaN,"s3Milliseconds":-1,"endpointMilliseconds":1e300}"#
    let read = try ResultDocument(parsing: Array(text.utf8))
    #expect(read.best == .init("a", nil))
    #expect(read.s3Milliseconds == nil)
    #expect(read.endpointMilliseconds == nil)
  }
}
