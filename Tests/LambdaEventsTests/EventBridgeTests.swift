import LambdaEvents
import Testing

@Suite struct EventBridgeTests {
  private func event(type: String = "Object Created", object: String) -> String {
    #"{"version":"0","source":"aws.s3","detail-type":"\#(type)","region":"eu-west-3","detail":{"version":"0","bucket":{"name":"b"},"object":\#(object)}}"#
  }

  @Test func itsOwnSpellingOfTheFieldsIsRead() throws {
    let text = event(
      object: #"{"key":"k","size":5,"etag":"e","version-id":"v1","sequencer":"0A"}"#)
    let object = S3ObjectReference(
      bucket: "b", key: "k", versionID: "v1", eTag: "e", sequencer: "0A", sizeBytes: 5,
      region: "eu-west-3")
    #expect(
      try decode(text)
        == .s3([.success(S3Record(eventName: "Object Created", object: object))]))
  }

  @Test(arguments: ["a+b.jpg", "a%20b.jpg", "100%.jpg", "%ZZ", "Schäfer 🐕.jpg"])
  func keysAreNotFormEncoded(key: String) throws {
    let object = try #require(objects(in: decode(event(object: #"{"key":"\#(key)"}"#))).first)
    #expect(object.key == key)
    #expect(object.rawKey == key)
  }

  @Test(arguments: [
    ("Object Created", true), ("Object Deleted", false), ("Object Restore Initiated", false),
    ("Object Restore Completed", false), ("Object Restore Expired", false),
    ("Object Tags Added", false), ("Object Tags Deleted", false), ("Object ACL Updated", false),
    ("Object Storage Class Changed", false), ("Object Access Tier Changed", false),
  ])
  func onlyObjectCreatedIsToBeClassified(type: String, isCreation: Bool) throws {
    let record = try #require(records(in: decode(event(type: type, object: #"{"key":"k"}"#))).first)
    #expect(record.eventName == type)
    #expect(record.isCreation == isCreation)
  }

  @Test(arguments: [
    (#"{"source":"aws.s3","detail-type":"Object Created"}"#, "detail is missing"),
    (
      #"{"source":"aws.s3","detail-type":"Object Created","detail":{"bucket":{"name":"b"},"object":{}}}"#,
      "detail.object.key is missing"
    ),
    (
      #"{"source":"aws.s3","detail-type":"Object Created","detail":{"bucket":{"name":1}}}"#,
      "detail.bucket.name must be a string, not a number"
    ),
    (
      #"{"source":"aws.s3","detail-type":"Object Created","detail":{"bucket":{"name":"b"},"object":{"key":"k","version-id":1}}}"#,
      "detail.object.version-id must be a string, not a number"
    ),
    (
      #"{"source":"aws.s3","detail-type":"AWS API Call via CloudTrail","detail":{"eventName":"PutObject"}}"#,
      "detail.bucket is missing"
    ),
    (
      #"{"source":"aws.ec2","detail-type":"EC2 Instance State-change Notification","detail":{}}"#,
      #"source is "aws.ec2", not "aws.s3"; "# + acceptedShapes
    ),
    (
      #"{"source":"aws.s3","detail-type":"","detail":{"bucket":{"name":"b"},"object":{"key":"k"}}}"#,
      "detail-type is empty"
    ),
  ])
  func eventsWithoutAnObjectAreRefusedByField(text: String, message: String) {
    let error = refusal(of: text)
    #expect(error?.message == message)
    #expect(error?.isConsoleRequest == false)
  }
}
