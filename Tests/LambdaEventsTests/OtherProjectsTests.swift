import JSON
import LambdaEvents
import Testing

/// Variants of events in AWS's documentation and in the test data of aws-lambda-go, Powertools, and
/// the SAM CLI, rewritten to test the peculiarity of each. `.ci/checks/sam-events.sh` tests the
/// events that the SAM CLI generates.
@Suite struct OtherProjectsTests {
  // MARK: S3 notifications

  @Test(arguments: [
    // aws-lambda-go adds the decoded key beside the encoded one, as Java's library does.
    #"{"key":"Happy%20Face.jpg","urlDecodedKey":"Happy Face.jpg","versionId":"v"}"#,
    #"{"key":"Happy+Face.jpg","size":0,"eTag":"","versionId":"","sequencer":""}"#,
    #"{"key":"Happy+Face.jpg","versionId":null,"sequencer":null,"eTag":null,"size":null}"#,
    #"{"key":"Happy+Face.jpg","size":1.5e3,"sequencer":"Happy Sequencer"}"#,
  ])
  func anObjectsOtherFieldsMayBeOddOrEmpty(object: String) throws {
    let found = try #require(objects(in: decode(s3Event(object: object))).first)
    #expect(found.key == "Happy Face.jpg")
    #expect(found.versionID == (object.contains(#""v""#) ? "v" : nil))
  }

  @Test func aBucketWhoseARNNamesAnotherIsReadByItsName() throws {
    let text =
      #"{"Records":[{"eventSource":"aws:s3","s3":{"bucket":{"name":"source","ownerIdentity":{},"#
      + #""arn":"arn:aws:s3:::mybucket"},"object":{"key":"k"}}}]}"#
    #expect(try objects(in: decode(text)).map(\.bucket) == ["source"])
  }

  @Test(arguments: [
    (
      "ObjectRestore:Completed",
      #""glacierEventData":{"restoreEventData":{"lifecycleRestorationExpiryTime":"x"}}"#
    ),
    (
      "Replication:OperationFailedReplication", #""replicationEventData":{"replicationRuleId":"r"}"#
    ),
    (
      "LifecycleTransition",
      #""lifecycleEventData":{"transitionEventData":{"destinationStorageClass":"GLACIER"}}"#
    ),
    (
      "IntelligentTiering",
      #""intelligentTieringEventData":{"destinationAccessTier":"ARCHIVE_ACCESS"}"#
    ),
    ("LifecycleExpiration:DeleteMarkerCreated", #""x":[]"#), ("ObjectTagging:Put", #""x":{}"#),
    ("s3:ObjectRemoved:DeleteMarkerCreated", #""x":1"#),
  ])
  func whatHappensToAnObjectLaterIsNoCreation(name: String, member: String) throws {
    let members = #""eventSource":"aws:s3","eventVersion":"2.3","eventName":"\#(name)",\#(member)"#
    // For a removed object, S3 sends neither size nor ETag.
    let event = try decode(s3Event(object: #"{"key":"k","sequencer":"0A"}"#, members: members))
    #expect(records(in: event).map(\.isCreation) == [false])
  }

  @Test(arguments: [
    "ObjectCreated:Put", "ObjectCreated:Post", "ObjectCreated:Copy",
    "ObjectCreated:CompleteMultipartUpload", "s3:ObjectCreated:Put",
  ])
  func everyCreationIsOne(name: String) throws {
    let members = #""eventSource":"aws:s3","eventName":"\#(name)""#
    let event = try decode(s3Event(object: #"{"key":"k"}"#, members: members))
    #expect(records(in: event).map(\.isCreation) == [true])
  }

  // MARK: Queues and topics

  @Test func aQueuesAttributesAreOfNoConcern() throws {
    let body = #"{\"Records\":[{\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"k\"}}}]}"#
    let text =
      #"{"Records":[{"messageId":"1","receiptHandle":"h","body":"\#(body)","attributes":{"#
      + #""ApproximateReceiveCount":"5","SenderId":"AIDA","DeadLetterQueueSourceArn":"arn:aws:sqs:eu-west-1:1:q","#
      + #""AWSTraceHeader":"Root=1"},"messageAttributes":{"Attribute3":{"binaryValue":"MTEwMA==","#
      + #""dataType":"Binary","stringListValues":[],"binaryListValues":[]}},"md5OfBody":"x","#
      + #""md5OfMessageAttributes":null,"eventSource":"aws:sqs","eventSourceARN":null,"awsRegion":"eu-west-1"}]}"#
    guard case .sqs(let messages) = try decode(text) else { throw OtherEvent() }
    guard case .success(.records(let outcomes)) = messages.first?.contents else {
      throw OtherEvent()
    }
    #expect(outcomes.map(\.success?.object.key) == ["k"])
  }

  @Test func aFIFOTopicsEnvelopeHasNoSignature() throws {
    let notification = #"{"Records":[{"s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}]}"#
    let envelope = JSONValue.object([
      "Type": "Notification", "MessageId": "m", "SequenceNumber": "10000000000000004000",
      "TopicArn": "arn:aws:sns:eu-west-1:231436140809:Test.fifo", "Message": .string(notification),
      "Timestamp": "2022-10-14T13:35:25.419Z",
      "UnsubscribeURL": "https://sns.eu-west-1.amazonaws.com/",
    ])
    let contents = try message(body: String(decoding: envelope.serialized(), as: UTF8.self))
      .contents
    guard case .success(.records(let outcomes)) = contents else { throw OtherEvent() }
    #expect(outcomes.map(\.success?.object.key) == ["k"])
  }

  @Test func aMessageOfAnotherKindIsAFailureWithTheAcceptedShapes() throws {
    for body in ["Hello from SQS!", #"{"message":"hello world","username":"lessa"}"#, "\"text\""] {
      let error = try #require(try message(body: body).contents.failure)
      #expect(["Event.NotJSON", "Event.Unknown"].contains(error.errorType))
    }
  }

  // MARK: EventBridge

  @Test func aDeletedObjectHasNeitherSizeNorTag() throws {
    let text =
      #"{"version":"0","id":"46bf2718","detail-type":"Object Deleted","source":"aws.s3","account":"1","#
      + #""time":"2024-05-07T09:31:52Z","region":"eu-west-1","resources":["arn:aws:s3:::b"],"detail":{"#
      + #""version":"0","bucket":{"name":"b"},"object":{"key":"k","sequencer":"00A"},"request-id":"r","#
      + #""requester":"1","source-ip-address":"1.2.3.4","reason":"DeleteObject","deletion-type":"Permanently Deleted"}}"#
    let record = try #require(records(in: decode(text)).first)
    #expect(!record.isCreation)
    #expect(record.object.sizeBytes == nil)
  }

  // MARK: HTTP

  private func content(_ members: String) throws -> ProxyRequest {
    guard case .http(let request) = try decode("{\(members)}") else { throw OtherEvent() }
    return request
  }

  /// HTTP APIs can send payload 1.0, with the `version` member of function URLs.
  @Test func anHTTPAPIThatAsksFor1Gets1() throws {
    let request = try content(
      #""version":"1.0","resource":"/","path":"/p","httpMethod":"POST","headers":{"content-type":"#
        + #""application/json"},"requestContext":{"accountId":"1","httpMethod":"POST"},"body":"{\"key\":\"k\"}","#
        + #""isBase64Encoded":false"#)
    #expect(request.format == .version1)
    #expect(request.content.failure?.errorType == "Event.MissingBucket")
  }

  /// The SAM CLI's and API Gateway's own test events leave `isBase64Encoded` out.
  @Test func aBodyThatIsNotSaidToBeBase64IsText() throws {
    let request = try content(
      #""resource":"/{proxy+}","path":"/hello","httpMethod":"POST","multiValueHeaders":{"Content-Type":"#
        + #"["application/json"]},"requestContext":{"stage":"s","protocol":"HTTP/1.1"},"#
        + #""body":"{\r\n\t\"url\": \"https://h/k\"\r\n}""#)
    #expect(request.content == .success(.reference(ConsoleRequest(location: .url("https://h/k")))))
  }

  @Test func aFunctionURLsRequestHasAnEmptyRouteAndAnAuthorizerOrNull() throws {
    for authorizer in [
      "null", #"{"iam":{"accessKey":"AKIA","callerId":"c","cognitoIdentity":null}}"#,
    ] {
      let request = try content(
        #""version":"2.0","routeKey":"$default","rawPath":"/","rawQueryString":"","cookies":["a=b"],"#
          + #""headers":{"content-type":"image/png"},"requestContext":{"authentication":null,"authorizer":"#
          + #"\#(authorizer),"http":{"method":"POST","path":"/","protocol":"HTTP/1.1"},"timeEpoch":1583348638390},"#
          + #""body":"iVBORw0KGgo=","isBase64Encoded":true"#)
      #expect(request.format == .version2)
      #expect(request.content.success != nil)
    }
  }

  private func loadBalancer(_ headers: String, body: String = "") throws -> ProxyRequest {
    try content(
      #""requestContext":{"elb":{"targetGroupArn":"arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/a/8"}},"#
        + #""httpMethod":"POST","path":"/todos","queryStringParameters":{},\#(headers),"body":"\#(body)","#
        + #""isBase64Encoded":true"#)
  }

  @Test func aLoadBalancersRequestIsReadWithEitherKindOfHeaders() throws {
    let single = try loadBalancer(#""headers":{"content-type":"image/png"}"#, body: "iVBORw0KGgo=")
    let multiple = try loadBalancer(
      #""multiValueHeaders":{"content-type":["image/png"],"accept-encoding":["br","gzip"]}"#,
      body: "iVBORw0KGgo=")
    #expect(single.format == .loadBalancer)
    #expect(multiple.format == .loadBalancerMultiValue)
    #expect(single.path == "/todos")
    #expect(single.content == multiple.content && single.content.success != nil)
    #expect(!single.acceptsGzip && multiple.acceptsGzip)
  }

  /// It sends an empty body, whereas API Gateway sends none.
  @Test func aLoadBalancersEmptyBodyIsNone() throws {
    let request = try loadBalancer(#""headers":{"content-type":"image/png"}"#)
    #expect(request.content.failure?.errorType == "Event.MissingBody")
  }

  // MARK: Unsupported events

  @Test(arguments: [
    // A WebSocket API has no method.
    #"{"requestContext":{"routeKey":"$connect","eventType":"CONNECT","connectionId":"c"},"isBase64Encoded":false}"#,
    // Authorizer requests otherwise look like HTTP requests.
    #"{"type":"REQUEST","methodArn":"a","httpMethod":"GET","path":"/request","requestContext":{"stage":"s"}}"#,
    #"{"type":"REQUEST","routeArn":"a","version":"2.0","requestContext":{"http":{"method":"POST"}}}"#,
    #"{"xAmzRequestId":"r","getObjectContext":{"inputS3Url":"https://b.s3-accesspoint.amazonaws.com/k"}}"#,
    #"{"source":"aws.events","detail-type":"Scheduled Event","detail":{}}"#,
    #"{"awslogs":{"data":"H4sIAAAAAAAA"}}"#, #"{"RequestType":"Create","ResourceProperties":{}}"#,
    #"{"Records":[{"eventSource":"aws:dynamodb","dynamodb":{"Keys":{"Id":{"N":"101"}}}}]}"#,
    #"{"Records":[{"eventSource":"aws:kinesis","kinesis":{"data":"SGVsbG8="}}]}"#,
    #"{"Records":[{"eventSource":"aws:ses","ses":{"mail":{}}}]}"#,
    #"{"Records":[{"cf":{"config":{}}}]}"#,
    #"{"records":{"mytopic-0":[{"topic":"mytopic","value":"SGVsbG8="}]},"eventSource":"aws:kafka"}"#,
    #"{"invocationId":"i","deliveryStreamArn":"a","records":[{"recordId":"1","data":"SGVsbG8="}]}"#,
  ])
  func anEventOfAnotherServiceIsRefused(text: String) {
    let error = refusal(of: text)
    #expect(error?.isConsoleRequest == false)
    #expect(error.map { $0.errorType.hasPrefix("Event.") } == true)
  }
}
