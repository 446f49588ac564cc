import Foundation
import JSON
import LoopbackServer

/// Lambda's Invoke: `POST /2015-03-31/functions/NAME/invocations`, any name and qualifier, without
/// a signature.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html. An `Event` is attempted
/// once, whereas Lambda retries it twice.
extension RuntimeEmulator {
  func handleInvoke(_ request: ReceivedHTTPRequest, _ connection: LoopbackConnection) throws {
    guard request.method == "POST" else {
      return try refuse(connection, 405, "MethodNotAllowedException", "Invoke is a POST.")
    }
    let type = request.header("X-Amz-Invocation-Type") ?? "RequestResponse"
    let isEvent = type == "Event"
    guard isEvent || type == "RequestResponse" || type == "DryRun" else {
      return try refuse(
        connection, 400, "InvalidParameterValueException", "Unknown invocation type: \(type)")
    }
    let limit = isEvent ? configuration.maximumEventBytes : configuration.maximumPayloadBytes
    guard request.body.count <= limit else {
      return try refuse(
        connection, 413, "RequestTooLargeException",
        "Request must be smaller than \(limit) bytes for the InvokeFunction operation")
    }
    do {
      let invocation = try invocationRequest(request)
      if type == "DryRun" { return try connection.send(status: 204, headers: headers(invocation)) }
      if isEvent {
        let thread = Thread { [self] in _ = carryOut(invocation) }
        thread.start()
        return try connection.send(status: 202, headers: headers(invocation))
      }
      try answer(
        carryOut(invocation), invocation, wantsLog: request.header("X-Amz-Log-Type") == "Tail",
        connection)
    } catch let error as InvokeRequestError {
      try refuse(connection, 400, "InvalidRequestContentException", error.message)
    }
  }

  private func answer(
    _ outcome: InvocationOutcome, _ invocation: InvocationRequest, wantsLog: Bool,
    _ connection: LoopbackConnection
  ) throws {
    var headers = headers(invocation)
    if outcome.errorType != nil { headers.append(("X-Amz-Function-Error", "Unhandled")) }
    if wantsLog, let log = outcome.log {
      headers.append(("X-Amz-Log-Result", Data(log.suffix(4096)).base64EncodedString()))
    }
    try connection.send(status: 200, headers: headers, body: outcome.payload)
  }

  private func headers(_ invocation: InvocationRequest) -> [(String, String)] {
    json + [
      ("x-amzn-RequestId", invocation.requestID),
      ("X-Amz-Executed-Version", configuration.functionVersion),
      ("X-Amzn-Trace-Id", invocation.traceID ?? ""),
    ]
  }

  private func invocationRequest(_ request: ReceivedHTTPRequest) throws -> InvocationRequest {
    if !request.body.isEmpty {
      do {
        _ = try JSONValue(parsing: request.body)
      } catch {
        throw InvokeRequestError(message: "Could not parse request body into json: \(error)")
      }
    }
    var context: String?
    if let encoded = request.header("X-Amz-Client-Context") {
      guard let data = Data(base64Encoded: encoded), let text = String(data: data, encoding: .utf8)
      else {
        throw InvokeRequestError(
          message: "Client context must be a valid Base64-encoded JSON object.")
      }
      // A header cannot contain a line break, which JSON allows only between tokens.
      context = text.replacingOccurrences(of: "\r", with: " ").replacingOccurrences(
        of: "\n", with: " ")
    }
    return InvocationRequest(
      event: request.body.isEmpty ? Array("{}".utf8) : request.body,
      traceID: request.header("X-Amzn-Trace-Id") ?? freshTraceID(), clientContext: context,
      tenantID: request.header("X-Amz-Tenant-Id"), functionARN: functionARN(request))
  }

  /// The configured ARN with the client's qualifier, as in Lambda.
  private func functionARN(_ request: ReceivedHTTPRequest) -> String {
    let qualifier = request.query.split(separator: "&").first { $0.hasPrefix("Qualifier=") }?
      .dropFirst(10)
    guard let qualifier, let decoded = String(qualifier).removingPercentEncoding,
      decoded.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "$_-".contains($0)) })
    else { return configuration.functionARN }
    return "\(configuration.functionARN):\(decoded)"
  }

  private func refuse(
    _ connection: LoopbackConnection, _ status: Int, _ type: String, _ message: String
  ) throws {
    try connection.send(
      status: status,
      headers: json + [("x-amzn-ErrorType", type), ("x-amzn-RequestId", freshUUID())],
      body: (["Type": "User", "message": .string(message)] as JSONValue).serialized())
  }
}

private struct InvokeRequestError: Error {
  let message: String
}
