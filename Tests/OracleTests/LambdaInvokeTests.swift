import JSON
import TestSupport
import Testing

/// `local-invoke --serve` with boto3's Lambda client, which is what `aws lambda invoke --endpoint-url` uses.
@Suite(.enabled(if: Oracle.localInvoke.isExpected, Oracle.localInvoke.absence))
struct LambdaInvokeTests {
  private static let shared = Result {
    try PythonScript.run(
      Oracle.boto3.required(), "boto3_client.py", "lambda",
      description: [
        "lambdaURL": .string(try Oracle.localInvoke.required()),
        "event": .string(Repository.root.appendingPathComponent("events/s3.json").path),
      ])
  }

  private func scenario(_ name: String) throws -> JSONValue { try Self.shared.get().member(name) }

  @Test(arguments: ["request and response", "alias", "request and response again"])
  func invocationReturnsTheFunctionsAnswer(_ name: String) throws {
    let result = try scenario(name)
    #expect(result["status"]?.int64Value == 200, "\(result)")
    #expect(result["FunctionError"] == nil, "\(result)")
    #expect(result["ExecutedVersion"]?.stringValue == "$LATEST")
    #expect(try result.text("text").contains("\"statusCode\":200"))
  }

  @Test func logTypeTailReturnsTheReport() throws {
    let log = try scenario("request and response").text("log")
    #expect(log.contains("START RequestId: "))
    #expect(log.contains("REPORT RequestId: "))
  }

  @Test func dryRunIsAnsweredWith204() throws {
    #expect(try scenario("dry run")["status"]?.int64Value == 204)
  }

  @Test func asynchronousInvocationIsAnsweredWith202() throws {
    #expect(try scenario("asynchronous")["status"]?.int64Value == 202)
  }

  @Test func errorOfTheFunctionIsStatus200WithFunctionError() throws {
    let result = try scenario("function error")
    #expect(result["status"]?.int64Value == 200, "\(result)")
    #expect(result["FunctionError"]?.stringValue == "Unhandled")
    #expect(try result.text("text").contains("\"errorType\":\"Event."))
  }

  @Test func payloadThatIsNotJSONIsRefused() throws {
    let result = try scenario("not JSON")
    #expect(result["status"]?.int64Value == 400)
    #expect(result["code"]?.stringValue == "InvalidRequestContentException")
  }

  @Test func payloadBeyondSixMebibytesIsRefused() throws {
    let result = try scenario("too large")
    #expect(result["status"]?.int64Value == 413)
    #expect(result["code"]?.stringValue == "RequestTooLargeException")
  }
}
