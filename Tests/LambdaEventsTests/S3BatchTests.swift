import JSON
import LambdaEvents
import Testing

@Suite struct S3BatchTests {
  private func invocation(
    version: String = "1.0", _ tasks: String...
  ) throws -> S3BatchInvocation {
    let text =
      #"{"invocationSchemaVersion":"\#(version)","invocationId":"i","job":{"id":"j"},"tasks":[\#(tasks.joined(separator: ","))]}"#
    guard case .s3Batch(let invocation) = try decode(text) else { throw OtherEvent() }
    return invocation
  }

  @Test func schema1NamesTheBucketByItsARN() throws {
    let invocation = try invocation(
      #"{"taskId":"t","s3Key":"a+b%2B.jpg","s3VersionId":"1","s3BucketArn":"arn:aws:s3:::photos"}"#)
    let object = S3ObjectReference(
      bucket: "photos", key: "a b+.jpg", rawKey: "a+b%2B.jpg", versionID: "1")
    #expect(
      invocation
        == S3BatchInvocation(
          schemaVersion: "1.0", invocationID: "i", jobID: "j",
          tasks: [S3BatchTask(taskID: "t", object: .success(object))]))
  }

  @Test func schema2NamesTheBucketItself() throws {
    let invocation = try invocation(
      version: "2.0", #"{"taskId":"t","s3Key":"k","s3VersionId":null,"s3Bucket":"photos"}"#)
    #expect(invocation.schemaVersion == "2.0")
    #expect(
      invocation.tasks.first?.object == .success(S3ObjectReference(bucket: "photos", key: "k")))
  }

  @Test(arguments: [
    ("arn:aws:s3:::photos", "photos"), ("arn:aws-cn:s3:::photos", "photos"),
    ("arn:aws:s3:us-east-1:0123456788:photos", "photos"),
  ])
  func theNameIsTheLastPartOfTheARN(arn: String, bucket: String) throws {
    let invocation = try invocation(#"{"taskId":"t","s3Key":"k","s3BucketArn":"\#(arn)"}"#)
    #expect(invocation.tasks.first?.object.success?.bucket == bucket)
  }

  @Test(arguments: [
    (#""s3Key":"k""#, "tasks[0].s3BucketArn is missing"),
    (#""s3BucketArn":"arn:aws:s3:::b""#, "tasks[0].s3Key is missing"),
    (#""s3Key":"","s3Bucket":"b""#, "tasks[0].s3Key is empty"),
    (#""s3Key":"k","s3Bucket":7"#, "tasks[0].s3Bucket must be a string, not a number"),
    (
      #""s3Key":"k","s3Bucket":"b","s3VersionId":1"#,
      "tasks[0].s3VersionId must be a string, not a number"
    ),
    (
      #""s3Key":"%ZZ","s3Bucket":"b""#,
      #"tasks[0].s3Key "%ZZ" cannot be decoded: "%ZZ" is not a percent-encoded byte"#
    ),
    (
      #""s3Key":"k","s3BucketArn":"photos""#,
      #"tasks[0].s3BucketArn "photos" is not the ARN of a bucket"#
    ),
    (
      #""s3Key":"k","s3BucketArn":"arn:aws:s3:::""#,
      #"tasks[0].s3BucketArn "arn:aws:s3:::" is not the ARN of a bucket"#
    ),
    (
      #""s3Key":"k","s3BucketArn":"arn:aws:s3:eu-west-1:1:accesspoint/p""#,
      #"tasks[0].s3BucketArn "arn:aws:s3:eu-west-1:1:accesspoint/p" is not the ARN of a bucket"#
    ),
  ])
  func aTaskWithoutAnObjectIsAFailureOfItsOwn(members: String, message: String) throws {
    let invocation = try invocation(
      #"{"taskId":"t",\#(members)}"#, #"{"taskId":"u","s3Key":"k","s3Bucket":"b"}"#)
    #expect(invocation.tasks.map(\.taskID) == ["t", "u"])
    #expect(invocation.tasks[0].object.failure?.message == message)
    #expect(invocation.tasks[1].object.success?.key == "k")
  }

  @Test(arguments: [
    (
      #"{"invocationSchemaVersion":"3.0","invocationId":"i","tasks":[]}"#,
      "Event.UnsupportedVersion",
      #"invocationSchemaVersion is "3.0"; this function supports 1.0 and 2.0"#
    ),
    (
      #"{"invocationSchemaVersion":1.0}"#, "Event.MalformedField",
      "invocationSchemaVersion must be a string, not a number"
    ),
    (
      #"{"invocationSchemaVersion":"1.0","tasks":[]}"#, "Event.MissingField",
      "invocationId is missing"
    ),
    (
      #"{"invocationSchemaVersion":"1.0","invocationId":"i"}"#, "Event.MissingField",
      "tasks is missing"
    ),
    (
      #"{"invocationSchemaVersion":"1.0","invocationId":"i","tasks":[]}"#, "Event.NoRecords",
      "tasks is empty; an invocation must have at least one task"
    ),
    (
      #"{"invocationSchemaVersion":"1.0","invocationId":"i","tasks":[{}]}"#, "Event.MissingField",
      "tasks[0].taskId is missing"
    ),
    (
      #"{"invocationSchemaVersion":"1.0","invocationId":"i","tasks":["t"]}"#,
      "Event.MalformedField",
      "tasks[0] must be an object, not a string"
    ),
  ])
  func whatCannotBeAnsweredIsRefusedAsAWhole(text: String, type: String, message: String) {
    let error = refusal(of: text)
    #expect(error?.errorType == type)
    #expect(error?.message == message)
  }

  @Test func theAnswerRepeatsTheInvocationAndHasAResultForEachTask() throws {
    let invocation = try invocation(version: "2.0", #"{"taskId":"t","s3Key":"k","s3Bucket":"b"}"#)
    let response = S3BatchResponse(
      to: invocation,
      results: [
        .init(taskID: "t", code: .succeeded, text: "a \"dog\""),
        .init(taskID: "u", code: .temporaryFailure, text: "SlowDown"),
        .init(taskID: "v", code: .permanentFailure, text: "NoSuchKey"),
      ])
    #expect(
      String(decoding: response.serialized(), as: UTF8.self)
        == #"{"invocationSchemaVersion":"2.0","treatMissingKeysAs":"PermanentFailure","invocationId":"i","results":["#
        + #"{"taskId":"t","resultCode":"Succeeded","resultString":"a \"dog\""},"#
        + #"{"taskId":"u","resultCode":"TemporaryFailure","resultString":"SlowDown"},"#
        + #"{"taskId":"v","resultCode":"PermanentFailure","resultString":"NoSuchKey"}]}"#)
  }

  @Test func anOverlongResultIsCut() throws {
    let invocation = try invocation(#"{"taskId":"t","s3Key":"k","s3Bucket":"b"}"#)
    let text = String(repeating: "ü", count: 5000)
    let response = S3BatchResponse(
      to: invocation, results: [.init(taskID: "t", code: .succeeded, text: text)])
    let answer = try JSONValue(parsing: response.serialized())
    #expect(answer["results"]?[0]?["resultString"]?.stringValue?.count == 1024)
  }
}
