import JSON
import SignatureVerification

/// An error of SageMaker Runtime: JSON, with the type in `x-amzn-ErrorType`.
struct SageMakerError: Error {
  let status: Int
  let type: String
  let members: JSONObject

  var response: LocalResponse {
    LocalResponse(
      status: status,
      headers: [
        ("x-amzn-RequestId", freshUUID()), ("x-amzn-ErrorType", type),
        ("Content-Type", "application/json"),
      ],
      body: JSONValue.object(members).serialized())
  }

  static func signature(_ error: SignatureError) -> SageMakerError {
    SageMakerError(
      status: error.status, type: error.code, members: ["message": .string(error.message)])
  }

  static func validation(status: Int = 400, code: String, _ message: String) -> SageMakerError {
    SageMakerError(
      status: status,
      type: "ValidationError:http://internal.amazon.com/coral/com.amazon.sagemaker/",
      members: ["ErrorCode": .string(code), "Message": .string(message)])
  }

  /// What instances send above their limit. That a serverless endpoint throttles is documented, but
  /// not with which code.
  /// Source: https://github.com/opensearch-project/ml-commons/issues/2429
  static let throttled = SageMakerError(
    status: 400, type: "ThrottlingException", members: ["message": .null])

  /// 424: the container returned an error, or no response at all (original status 0).
  static func model(_ reply: ContainerReply, _ configuration: LocalAWS.Configuration)
    -> SageMakerError
  {
    let isClientError = (400..<500).contains(reply.status)
    let original = String(decoding: reply.body, as: UTF8.self)
    let region = configuration.region
    let group = "/aws/sagemaker/Endpoints/\(configuration.endpointName)"
    let advice =
      configuration.containerNote
      ?? "See https://\(region).console.aws.amazon.com/cloudwatch/home?region=\(region)#logEventViewer:group=\(group) "
      + "in account \(configuration.accountID) for more information."
    let message =
      "Received \(isClientError ? "client" : "server") error (\(reply.status)) from primary with message \"\(original)\". "
      + advice
    return SageMakerError(
      status: 424, type: "ModelError:http://internal.amazon.com/coral/com.amazon.sagemaker/",
      members: [
        "ErrorCode": isClientError ? "CLIENT_ERROR_FROM_MODEL" : "INTERNAL_FAILURE_FROM_MODEL",
        "LogStreamArn": .string(
          "arn:aws:logs:\(region):\(configuration.accountID):log-group:\(group)"),
        "Message": .string(message), "OriginalMessage": .string(original),
        "OriginalStatusCode": .number(JSONNumber(Int64(reply.status))),
      ])
  }
}
