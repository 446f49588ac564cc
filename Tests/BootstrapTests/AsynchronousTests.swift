import JSON
import RuntimeEmulator
import TestSupport
import Testing

/// The real process with an asynchronous endpoint.
@Suite struct AsynchronousTests {
  @Test func anUploadIsAcceptedAndItsNotificationBecomesADocument() throws {
    let aws = try AsynchronousAWS()
    defer { aws.stop() }
    let emulator = try RuntimeEmulator(configuration: RuntimeEmulator.Configuration())
    defer { emulator.stop() }
    let process = try BootstrapProcess(environment: [
      "AWS_LAMBDA_RUNTIME_API": emulator.address, "AWS_REGION": "us-east-1",
      "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
      "ENDPOINT_NAME": "dog-breeds", "ENDPOINT_KIND": "asynchronous", "RESULT_BUCKET": "results",
      "AWS_ENDPOINT_URL_S3": aws.baseURL, "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": aws.baseURL,
    ])
    defer { process.stop() }
    aws.put([0xFF, 0xD8, 0xFF, 1], bucket: "photos", key: "a.jpg")

    let upload = emulator.invoke(
      Array(
        #"{"Records":[{"s3":{"bucket":{"name":"photos"},"object":{"key":"a.jpg","sequencer":"0A"}}}]}"#
          .utf8))
    #expect(try JSONValue(parsing: upload.payload)["statusCode"] == 202)

    let inference = aws.process(try #require(aws.takeQueue().first)) { _ in
      Array("[[1.5, 3.5, -2.5]]".utf8)
    }
    let message = AsynchronousAWS.Inference.snsEvent(inference.message(includesReply: false))
    let result = emulator.invoke(Array(message.utf8))
    #expect(try JSONValue(parsing: result.payload)["statusCode"] == 200)
    let document = try #require(aws.object(bucket: "results", key: "photos/a.jpg.json"))
    #expect(try JSONValue(parsing: document.bytes)["source"]?["sequencer"] == "0A")

    let failure = AsynchronousAWS.Inference.snsEvent(inference.failureMessage(reason: "no memory"))
    #expect(emulator.invoke(Array(failure.utf8)).errorType == "Endpoint.AsyncFailed")
    #expect(aws.takeQueue().isEmpty)
  }
}
