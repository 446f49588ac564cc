import JSON
import OperationsSupport
import TestSupport
import Testing

@testable import FailureQueue

@Suite struct FailedEventTests {
  @Test func recordOfADestinationHasFunctionReasonAndImages() throws {
    let event = try read(
      body: """
        {"version":"1.0","requestContext":{"requestId":"r","functionArn":"\(arn):live",
        "condition":"RetriesExhausted","approximateInvokeCount":3},"requestPayload":\(upload("a+b%26.jpg")),
        "responseContext":{"statusCode":200,"functionError":"Unhandled"},
        "responsePayload":{"errorType":"S3.NoSuchKey","errorMessage":"gone"}}
        """)
    #expect(event.sender == .destination)
    #expect(event.functionARN == "\(arn):live")
    #expect(event.condition == "RetriesExhausted")
    #expect(event.invokeCount == 3)
    #expect(event.errorType == "S3.NoSuchKey")
    #expect(event.objects == ["s3://photos/a b&.jpg"])
    #expect(event.event.map { String(decoding: $0, as: UTF8.self) } == upload("a+b%26.jpg"))
  }

  @Test func deadLetterIsTheEventItselfByteForByte() throws {
    let text = "  " + upload("a.jpg")
    let event = try read(
      body: text, attributes: ["RequestID": "r", "ErrorCode": "200", "ErrorMessage": "late"])
    #expect(event.sender == .deadLetterQueue)
    #expect(event.requestID == "r")
    #expect(event.errorMessage == "late")
    #expect(event.functionARN == nil)
    #expect(event.event == Array(text.utf8))
  }

  @Test func deadLetterOfARuleNamesItsTarget() throws {
    let event = try read(
      body: """
        {"source":"aws.s3","detail-type":"Object Created",
        "detail":{"bucket":{"name":"photos"},"object":{"key":"a b.jpg","version-id":"v1"}}}
        """,
      attributes: ["RULE_ARN": "rule", "TARGET_ARN": arn, "ERROR_CODE": "NO_PERMISSIONS"])
    #expect(event.sender == .eventBridge)
    #expect(event.functionARN == arn)
    #expect(event.errorType == "NO_PERMISSIONS")
    #expect(event.objects == ["s3://photos/a b.jpg?versionId=v1"])
  }

  @Test func messageThatIsNotJSONHasNoEvent() throws {
    let event = try read(body: "hello")
    #expect(event.sender == .other)
    #expect(event.event == nil)
  }

  @Test func signatureOfAURLIsNotShown() throws {
    let event = try read(body: #"{"url":"https://host/a.jpg?X-Amz-Signature=abc"}"#)
    #expect(event.objects == ["https://host/a.jpg"])
  }

  @Test(arguments: [
    ("\(arn)", "photo", nil), ("\(arn):live", "photo:live", "live"),
    ("\(arn):$LATEST", "photo:$LATEST", "$LATEST"),
  ])
  func functionAndQualifierAreTakenApart(text: String, name: String, qualifier: String?) throws {
    let target = try #require(RedriveTarget(arn: text))
    #expect(target.functionName == arn)
    #expect(target.qualifier == qualifier)
    #expect(target.description == name)
  }

  @Test(arguments: [
    "arn:aws:sqs:us-east-1:1:q", "photo", "", "arn:aws:lambda:us-east-1:1:layer:l:1",
  ])
  func otherARNsAreNoFunctions(text: String) {
    #expect(RedriveTarget(arn: text) == nil)
  }

  @Test(arguments: [#"{"maxReceiveCount":"5"}"#, #"{"maxReceiveCount":5}"#])
  func numberOfReceivesIsReadWithAndWithoutQuotes(text: String) {
    #expect(RedrivePolicy.maximumReceives(text) == 5)
  }
}
