import AWSClient
import AWSControl
import OperationsSupport
import Results
import Testing

@Suite struct BucketResultsTests {
  private func bucket(
    _ keys: [String], pageSize: Int = 2, others: [String: String] = [:]
  ) throws -> ScriptedBucket {
    var objects: [String: ScriptedBucket.Object] = [:]
    for key in keys {
      objects[kept.key(for: ImageReference(bucket: "photos", key: key))] = .init(document(key))
    }
    for (key, text) in others { objects[key] = .init(text) }
    return try ScriptedBucket(objects, pageSize: pageSize)
  }

  private func results(
    _ bucket: ScriptedBucket, _ filter: ResultFilter = ResultFilter(), after key: String? = nil
  ) throws -> BucketResults {
    BucketResults(kept, filter, after: key, with: try ControlFixture(url: bucket.baseURL).client)
  }

  /// Reads all, while the bucket is there.
  private func read(
    _ bucket: ScriptedBucket, _ filter: ResultFilter = ResultFilter(), after key: String? = nil
  ) throws -> [StoredResult] {
    try withExtendedLifetime(bucket) { try results(bucket, filter, after: key).all() }
  }

  @Test func resultsComeInTheOrderOfTheirKeysOverAllPages() throws {
    let bucket = try bucket((0..<7).map { "\($0).jpg" })
    let all = try read(bucket)
    #expect(all.map(\.document.image.key) == (0..<7).map { "\($0).jpg" })
    #expect(all.allSatisfy { $0.writtenUnixMilliseconds == 1_795_428_000_000 })
    #expect(bucket.requests.count { $0.query.contains("list-type") } == 4)
  }

  @Test(arguments: hostileKeys)
  func hostileKeyIsReadAsItIs(key: String) throws {
    let all = try read(try bucket([key]))
    #expect(all.map { Array($0.document.image.key.utf8) } == [Array(key.utf8)])
  }

  @Test func whatIsNotAResultIsCountedAndTheRestIsRead() throws {
    let bucket = try bucket(
      ["a.jpg"],
      others: [
        "results/photos/notes.txt": "x", "results/photos/broken.jpg.json": "{",
        "results/photos/other.jpg.json": "{}",
      ])
    let source = try results(bucket)
    #expect(try withExtendedLifetime(bucket) { try source.all().count } == 1)
    #expect(source.trouble.otherObjects == 1)
    #expect(source.trouble.unreadable == 2)
    #expect(
      source.trouble.examples.map(\.key) == [
        "results/photos/broken.jpg.json", "results/photos/other.jpg.json",
      ])
  }

  @Test func resultThatIsRemovedMeanwhileIsCounted() throws {
    let page =
      "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>results/photos/a.json</Key>"
      + "<Size>1</Size></Contents></ListBucketResult>"
    let fixture = try ControlFixture([
      .init(200, body: page),
      .init(404, body: "<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>"),
    ])
    let source = BucketResults(kept, ResultFilter(), with: fixture.client)
    #expect(try source.all().isEmpty)
    #expect(source.trouble.lines == ["1 results were removed meanwhile"])
  }

  /// One foreign file, or one that a lifecycle rule has archived, does not hide all others.
  @Test func largeAndArchivedDocumentsAreCounted() throws {
    let page =
      "<ListBucketResult><IsTruncated>false</IsTruncated>"
      + ["a", "b"].map {
        "<Contents><Key>results/photos/\($0).json</Key><Size>5000000</Size></Contents>"
      }.joined() + "</ListBucketResult>"
    let fixture = try ControlFixture([
      .init(200, body: page),
      .init(200, body: String(repeating: " ", count: (8 << 20) + 1)),
      .init(403, body: "<Error><Code>InvalidObjectState</Code><Message>m</Message></Error>"),
    ])
    let source = BucketResults(kept, ResultFilter(), with: fixture.client)
    #expect(try source.all().isEmpty)
    #expect(source.trouble.unreadable == 2)
    #expect(source.trouble.examples.map(\.problem) == ["has more than 8 MiB", "is archived"])
  }

  @Test func readingGoesOnBehindAKey() throws {
    let bucket = try bucket((0..<5).map { "\($0).jpg" })
    let all = try read(bucket, after: "results/photos/2.jpg.json")
    #expect(all.map(\.document.image.key) == ["3.jpg", "4.jpg"])
  }

  @Test func imagesBelowAPrefixAreReadWithAndWithoutVersions() throws {
    let version = ImageReference(bucket: "photos", key: "in/c.jpg", versionID: "v1")
    let bucket = try bucket(
      ["in/a.jpg", "in/b.jpg", "out/a.jpg"],
      others: [kept.key(for: version): document("in/c.jpg", version: "v1")])
    var filter = ResultFilter()
    filter.images = S3Location(bucket: "photos", key: "in/")
    #expect(
      try read(bucket, filter).map(\.document.image) == [
        ImageReference(bucket: "photos", key: "in/a.jpg"),
        ImageReference(bucket: "photos", key: "in/b.jpg"), version,
      ])
    // Where an interrupted run stopped may be in either place.
    #expect(
      try read(bucket, filter, after: "results/photos/in/a.jpg.json").count == 2)
    #expect(try read(bucket, filter, after: kept.key(for: version)).isEmpty)
  }

  @Test func classProbabilityAndTimeAreFiltered() throws {
    func filter(_ change: (inout ResultFilter) -> Void) -> ResultFilter {
      var filter = ResultFilter()
      change(&filter)
      return filter
    }
    let result = try stored("rex.jpg")
    #expect(filter { $0.classes = ["001.Affenpinscher"] }.takes(result))
    #expect(!filter { $0.classes = ["002.Afghan_hound"] }.takes(result))
    #expect(filter { $0.minimumProbability = 0.75 }.takes(result))
    #expect(!filter { $0.below = 0.75 }.takes(result))
    #expect(filter { $0.since = result.writtenUnixMilliseconds }.takes(result))
    #expect(!filter { $0.until = result.writtenUnixMilliseconds }.takes(result))
    let unknown = try stored("rex.jpg", [("a", nil)])
    #expect(!filter { $0.below = 1 }.takes(unknown))
    #expect(!filter { $0.minimumProbability = 0 }.takes(unknown))
  }

  @Test func documentsOfOtherTimesAreNotRead() throws {
    let bucket = try bucket(["a.jpg"])
    var filter = ResultFilter()
    filter.since = 1_795_428_000_001
    #expect(try read(bucket, filter).isEmpty)
    #expect(bucket.requests.count == 1)
  }

  @Test func missingPermissionEndsTheReading() throws {
    let page =
      "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>results/photos/a.json</Key><Size>1</Size></Contents></ListBucketResult>"
    let fixture = try ControlFixture([
      .init(200, body: page),
      .init(403, body: "<Error><Code>AccessDenied</Code><Message>no</Message></Error>"),
    ])
    let error = #expect(throws: AWSError.self) {
      try BucketResults(kept, ResultFilter(), with: fixture.client).all()
    }
    #expect(error?.advice == "Your user or role needs s3:GetObject on the objects of kept")
  }
}
