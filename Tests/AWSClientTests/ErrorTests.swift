import AWSClient
import Platform
import S3
import SageMakerRuntime
import SigV4
import TestSupport
import Testing

@testable import HTTPClient

@Suite struct AWSErrorTests {
  private typealias Answer = ScriptedServer.Answer

  private func error(
    _ answer: Answer, service: AWSService = .sageMakerRuntime,
    environment: [String: String] = ["AWS_MAX_ATTEMPTS": "1"]
  ) throws -> AWSError {
    let server = try ScriptedServer([answer])
    defer { server.stop() }
    let aws = try makeAWS(server, environment: environment)
    let error = #expect(throws: AWSError.self) {
      try aws.send(makeRequest(service), in: makeContext())
    }
    return try #require(error)
  }

  @Test(arguments: [
    "ValidationError", "ValidationError:http://internal.amazon.com/coral/",
    "com.amazonaws.sagemaker#ValidationError",
  ])
  func theTypeInTheHeaderIsShortenedToItsName(header: String) throws {
    let answer = Answer(
      400, [("X-Amzn-ErrorType", header), ("x-amzn-RequestId", "req-9")],
      body: #"{"Message":"Endpoint x of account 1 not found."}"#)
    let error = try error(answer)
    #expect(error.code == .validationError)
    #expect(error.errorType == "SageMaker.ValidationError")
    #expect(
      error.message == "Operation thing: ValidationError: Endpoint x of account 1 not found. "
        + "(status 400, request id req-9)")
  }

  @Test(arguments: [#"{"__type":"a.b#CodeException","message":"m"}"#, #"{"code":"CodeException"}"#])
  func theTypeInTheBodyIsFound(body: String) throws {
    #expect(try error(Answer(400, body: body)).code.rawValue == "CodeException")
  }

  @Test func ofAModelErrorAllLinesAreShownAsOne() throws {
    let body = #"""
      {"ErrorCode":"CLIENT_ERROR_FROM_MODEL","LogStreamArn":"arn:aws:logs:eu-west-1:1:g",
       "Message":"Received server error (500) from primary with message \"Traceback:\n  File model.py\"",
       "OriginalMessage":"Traceback:\n  File model.py","OriginalStatusCode":500}
      """#
    let error = try error(Answer(424, [("x-amzn-ErrorType", "ModelError")], body: body))
    #expect(error.originalStatus == 500)
    #expect(error.message.contains("Received server error (500) from primary"))
    #expect(error.message.contains(#"with message "Traceback: File model.py""#))
    #expect(error.message.contains("arn:aws:logs:eu-west-1:1:g"))
  }

  @Test func anXMLErrorIsRead() throws {
    let body = """
      <?xml version="1.0" encoding="UTF-8"?>
      <Error><Code>NoSuchKey</Code><Message>No &quot;key&quot; &lt;x&gt; &#x1F436;&amp;</Message>\
      <Key>k</Key><RequestId>R1</RequestId></Error>
      """
    let error = try error(Answer(404, [("x-amz-request-id", "R1")], body: body), service: .s3)
    #expect(error.code == .noSuchKey)
    #expect(error.errorType == "S3.NoSuchKey")
    #expect(error.detail == "No \"key\" <x> 🐶&")
    #expect(error.requestID == "R1")
  }

  @Test func aLineOfJSONHasFieldsToGroupErrorsBy() throws {
    let body = #"{"Message":"m","OriginalStatusCode":500}"#
    let headers = [("x-amzn-ErrorType", "ModelError"), ("x-amzn-RequestId", "req-9")]
    let error = try error(Answer(424, headers, body: body))
    let lines = Recorder<[UInt8]>()
    let log = Log(environment: Environment(["AWS_LAMBDA_LOG_FORMAT": "JSON"])) { lines.add($0) }
    log.error(error.message, error.logFields)
    let line = String(decoding: lines.all.first ?? [], as: UTF8.self)
    for field in [
      #""errorType":"SageMaker.ModelError""#, #""awsErrorCode":"ModelError""#, #""attempts":1"#,
      #""awsRequestId":"req-9""#, #""httpStatus":424"#, #""containerStatus":500"#,
    ] {
      #expect(line.contains(field), "\(line)")
    }
  }

  @Test func anErrorWithoutBodyHasACodeFromItsStatus() throws {
    #expect(try error(Answer(403), service: .s3).code == .accessDenied)
    #expect(try error(Answer(404), service: .s3).code.rawValue == "NotFound")
    #expect(try error(Answer(418), service: .s3).code.rawValue == "HTTP418")
  }

  @Test func aRedirectNamesTheRightRegion() throws {
    let answer = Answer(
      301, [("x-amz-bucket-region", "eu-west-1")],
      body: "<Error><Code>PermanentRedirect</Code><Message>m</Message></Error>")
    let error = try error(answer, service: .s3)
    #expect(error.code == .permanentRedirect)
    #expect(error.message.contains("eu-west-1"))
    #expect(error.message.contains("us-east-1"))
  }

  @Test func deniedAccessSaysWhatTheRoleNeeds() throws {
    let error = try error(
      Answer(403, body: "<Error><Code>AccessDenied</Code></Error>"), service: .s3)
    #expect(error.message.hasSuffix("The role needs it"))
  }

  @Test func theAdviceAboutAProxyNamesTheBundleThatIsSet() {
    var refused = HTTPError(kind: .tls, message: "unable to get local issuer certificate")
    refused.isUntrusted = true
    #expect(AWSError(refused, request: makeRequest()).advice.contains("set AWS_CA_BUNDLE"))
    refused.trustedFile = "/opt/bundle.pem"
    let advice = AWSError(refused, request: makeRequest()).advice
    #expect(advice.contains("/opt/bundle.pem"))
    #expect(!advice.contains("set AWS_CA_BUNDLE"))
  }

  @Test func aFailureOfTLSForAnotherReasonGivesNoAdviceAboutCertificates() {
    let expired = HTTPError(kind: .tls, message: "certificate has expired")
    #expect(AWSError(expired, request: makeRequest()).advice.isEmpty)
  }

  @Test func aCodeOfAnyTextGivesATypeThatAHeaderCanCarry() throws {
    let answer = Answer(400, body: #"{"__type":"Bad Code\r\nX: y/é"}"#)
    #expect(try error(answer).errorType == "SageMaker.BadCodeX")
  }

  @Test func noSecretStandsInAnyError() throws {
    let error = try error(
      Answer(403, body: "<Error><Code>AccessDenied</Code></Error>"), service: .s3)
    var dumped = ""
    dump(error, to: &dumped)
    #expect(!dumped.contains("wJalrXUtnFEMI"))
    #expect(!dumped.contains("TOKEN"))
  }

  @Test func aMissingCredentialIsNamed() {
    let error = #expect(throws: AWSError.self) {
      try AWSCredentials(environment: Environment(["AWS_ACCESS_KEY_ID": "A"]))
    }
    #expect(error?.message.contains("AWS_SECRET_ACCESS_KEY is not set") == true)
  }
}
