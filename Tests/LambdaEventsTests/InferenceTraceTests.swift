import LambdaEvents
import Testing

@Suite struct InferenceTraceTests {
  private static let object = S3ObjectReference(
    bucket: "photos", key: "uploads/Schäferhund Rex.jpg", versionID: "v/1+", eTag: "abc",
    sequencer: "0065F1A2B3C4D5E6F7")

  private func key(_ path: String) -> String {
    "replies/\(path)/6b2a6bd2-0b4e-4d1d-9d0e-4f4d0c6f3a11.out"
  }

  /// A subset of what InvokeEndpointAsync accepts.
  private func isExtension(_ text: String) -> Bool {
    (1...512).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".utf8.contains($0)
      }
  }

  @Test(arguments: [
    object, S3ObjectReference(bucket: "b", key: "k"),
    S3ObjectReference(bucket: "b", key: "a\u{1}\"\\/🐕>>>???", eTag: "e", sequencer: "0"),
    S3ObjectReference(bucket: "b", key: String(repeating: "k", count: 300), sequencer: "00"),
  ])
  func thePathOfTheOutputNamesObjectVersionAndOrder(object: S3ObjectReference) throws {
    let path = try #require(InferenceTrace(of: object).pathExtension)
    #expect(isExtension(path))
    let trace = try #require(InferenceTrace(outputKey: key(path)))
    #expect(trace.object == object && trace.namesObject)
  }

  @Test func ofALongKeyThePathHasVersionAndOrderOnly() throws {
    var object = Self.object
    object.key = String(repeating: "ä", count: 500)
    let path = try #require(InferenceTrace(of: object).pathExtension)
    #expect(isExtension(path))
    let trace = try #require(InferenceTrace(outputKey: key(path)))
    #expect(!trace.namesObject)
    #expect(trace.object?.versionID == "v/1+" && trace.object?.eTag == "abc")
    #expect(trace.object?.sequencer == "0065F1A2B3C4D5E6F7")
  }

  @Test func ofAVersionThatDoesNotFitThereIsNoPath() {
    let version = String(repeating: "v", count: 600)
    let object = S3ObjectReference(bucket: "b", key: "k", versionID: version)
    #expect(InferenceTrace(of: object).pathExtension == nil)
  }

  @Test func anImageInARequestIsTracedByItsID() throws {
    let path = try #require(InferenceTrace(inferenceID: "rrequest-1").pathExtension)
    #expect(isExtension(path))
    let trace = try #require(InferenceTrace(outputKey: key(path)))
    #expect(trace.object == nil && trace.inferenceID == "rrequest-1" && !trace.namesObject)
  }

  @Test(arguments: ["", "x", "WzJd", "WzEsMl0", "WzFd", "e30", "WzEsImEiLCJiIl0", "%%%"])
  func anotherPathTracesNothing(path: String) {
    #expect(InferenceTrace(outputKey: key(path)) == nil)
  }
}
