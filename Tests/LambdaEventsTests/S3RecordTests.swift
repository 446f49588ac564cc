import LambdaEvents
import Testing

@Suite struct S3RecordTests {
  @Test(arguments: [
    ("a.jpg", "a.jpg"), ("a+b.jpg", "a b.jpg"), ("a%2Bb.jpg", "a+b.jpg"), ("a%20b.jpg", "a b.jpg"),
    ("Sch%C3%A4fer.jpg", "Schäfer.jpg"), ("Sch%c3%a4fer.jpg", "Schäfer.jpg"),
    ("%F0%9F%90%95.jpg", "🐕.jpg"), ("%E7%8A%AC/%E5%86%99.jpg", "犬/写.jpg"),
    ("100%25.jpg", "100%.jpg"),
    ("%2541.jpg", "%41.jpg"), ("a//b/../c", "a//b/../c"), ("a%2Fb", "a/b"), ("k%3Dv%26w", "k=v&w"),
    ("Schäfer 🐕.jpg", "Schäfer 🐕.jpg"), ("a%00b", "a\0b"), ("%2B%2B+", "++ "),
    ("u%CC%88", "u\u{308}"),
  ])
  func keysAreFormDecodedOnce(raw: String, key: String) throws {
    let object = try #require(objects(in: decode(s3Event(object: #"{"key":"\#(raw)"}"#))).first)
    #expect(Array(object.key.utf8) == Array(key.utf8), "byte for byte: S3 does not normalize")
    #expect(object.rawKey == raw)
  }

  @Test(arguments: [
    ("a%ZZ.jpg", #""%ZZ" is not a percent-encoded byte"#),
    ("a%4", #""%4" is not a percent-encoded byte"#),
    ("a%", #""%" is not a percent-encoded byte"#),
    ("a%4G", #""%4G" is not a percent-encoded byte"#),
    ("%+1", #""%+1" is not a percent-encoded byte"#),
    ("%C3.jpg", "its percent-encoded bytes are not UTF-8"),
    ("%C3%28", "its percent-encoded bytes are not UTF-8"),
    ("%C0%AF", "its percent-encoded bytes are not UTF-8"),
    ("%ED%A0%80", "its percent-encoded bytes are not UTF-8"),
    ("%FF", "its percent-encoded bytes are not UTF-8"),
  ])
  func keysThatAreNotFormEncodedAreRefused(raw: String, reason: String) {
    let error = refusal(of: s3Event(object: #"{"key":"\#(raw)"}"#))
    #expect(error?.errorType == "Event.MalformedKey")
    #expect(error?.message == #"Records[0].s3.object.key "\#(raw)" cannot be decoded: \#(reason)"#)
    #expect(error?.isConsoleRequest == false)
  }

  @Test func onlyBucketAndKeyAreNeeded() throws {
    let event = try decode(#"{"Records":[{"s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}]}"#)
    #expect(
      event
        == .s3([.success(S3Record(eventName: "", object: S3ObjectReference(bucket: "b", key: "k")))]
        )
    )
  }

  @Test func aRecordWithoutEventNameIsACreation() throws {
    let event = try decode(s3Event(object: #"{"key":"k"}"#))
    #expect(records(in: event).map(\.isCreation) == [true])
  }

  @Test(arguments: [
    ("ObjectCreated:Put", true), ("ObjectCreated:CompleteMultipartUpload", true),
    ("s3:ObjectCreated:Copy", true),
    ("ObjectRemoved:Delete", false), ("ObjectRemoved:DeleteMarkerCreated", false),
    ("ObjectRestore:Completed", false),
    ("ReducedRedundancyLostObject", false), ("LifecycleExpiration:Delete", false),
    ("ObjectTagging:Put", false),
    ("ObjectCreatedLater", false),
  ])
  func onlyCreationsAreToBeClassified(name: String, isCreation: Bool) throws {
    let text = s3Event(object: #"{"key":"k"}"#, members: #""eventName":"\#(name)""#)
    let event = try decode(text)
    #expect(records(in: event).map(\.eventName) == [name])
    #expect(records(in: event).map(\.isCreation) == [isCreation])
  }

  @Test(arguments: ["2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.99", "2"])
  func everyMinorVersionOf2IsRead(version: String) throws {
    let text = s3Event(object: #"{"key":"k"}"#, members: #""eventVersion":"\#(version)""#)
    #expect(objects(in: try decode(text)).map(\.key) == ["k"])
  }

  @Test(arguments: ["1.0", "3.0", "20.1", "x", "02.1"])
  func anotherMajorVersionIsRefusedByName(version: String) {
    let error = refusal(
      of: s3Event(object: #"{"key":"k"}"#, members: #""eventVersion":"\#(version)""#))
    #expect(error?.errorType == "Event.UnsupportedVersion")
    #expect(
      error?.message
        == #"Records[0].eventVersion is "\#(version)"; this function supports 2.x; \#(acceptedShapes)"#
    )
  }

  @Test func versionIDSequencerAndUnknownFieldsOf25AreRead() throws {
    let text = s3Event(
      object:
        #"{"key":"k","size":0,"eTag":"e","versionId":"null","sequencer":"0A","new":{"x":[1]}}"#,
      members:
        #""eventVersion":"2.5","awsRegion":"eu-west-3","glacierEventData":{},"replicationEventData":null"#
    )
    #expect(
      objects(in: try decode(text)) == [
        S3ObjectReference(
          bucket: "b", key: "k", versionID: "null", eTag: "e", sequencer: "0A", sizeBytes: 0,
          region: "eu-west-3")
      ])
  }

  /// The console's "S3 Put" template, event version 2.0.
  @Test func theConsolesS3TemplateIsRead() throws {
    let text = """
      {"Records": [{"eventVersion": "2.0", "eventSource": "aws:s3", "awsRegion": "us-east-1",
      "eventTime": "1970-01-01T00:00:00.000Z", "eventName": "ObjectCreated:Put",
      "userIdentity": {"principalId": "EXAMPLE"}, "requestParameters": {"sourceIPAddress": "127.0.0.1"},
      "responseElements": {"x-amz-request-id": "EXAMPLE123456789",
      "x-amz-id-2": "EXAMPLE123/5678abcdefghijklambdaisawesome/mnopqrstuvwxyzABCDEFGH"},
      "s3": {"s3SchemaVersion": "1.0", "configurationId": "testConfigRule",
      "bucket": {"name": "example-bucket", "ownerIdentity": {"principalId": "EXAMPLE"},
      "arn": "arn:aws:s3:::example-bucket"},
      "object": {"key": "test%2Fkey", "size": 1024, "eTag": "0123456789abcdef0123456789abcdef",
      "sequencer": "0A1B2C3D4E5F678901"}}}]}
      """
    let object = try #require(objects(in: decode(text)).first)
    #expect(object.bucket == "example-bucket")
    #expect(object.key == "test/key")
    #expect(object.rawKey == "test%2Fkey")
    #expect(object.sizeBytes == 1024)
  }

  @Test func whatIsOnlyReportedMayBeOfAnyKind() throws {
    let text = s3Event(
      object: #"{"key":"k","size":"1","eTag":5,"sequencer":null}"#, members: #""awsRegion":{}"#)
    #expect(objects(in: try decode(text)) == [S3ObjectReference(bucket: "b", key: "k")])
  }
}
