import AWSClient
import AWSControl
import ArgumentParser
import JSON
import Platform

/// How an error is printed on standard error: a line of text, or with `--output json` one line of
/// JSON, the last one:
///
///     {"error": {"type", "message", "advice", "operation", "code", "httpStatus", "requestId",
///     "attempts"}, "exitStatus": 1}
struct ErrorReport {
  let error: any Error
  let exitStatus: Int32
  let isJSON: Bool

  var text: String {
    guard isJSON else { return "Error: \(sentence)" }
    let json: OperationInput = ["error": members, "exitStatus": Int(exitStatus)]
    let line = String(decoding: json.json.serialized(), as: UTF8.self)
    return VisibleText.escaped(line, as: .jsonDocument)
  }

  private var sentence: String {
    (error as? ValidationError)?.message ?? Text.problem(error)
  }

  private var members: OperationInput {
    switch error {
    case let error as AWSError:
      [
        "type": error.errorType, "message": error.detail, "advice": optional(error.advice),
        "operation": error.operation, "code": error.code.rawValue, "httpStatus": error.status,
        "requestId": error.requestID, "attempts": error.attempts,
      ]
    case let error as Refusal:
      ["type": error.errorType, "message": error.reason, "advice": optional(error.advice)]
    case let error as any ReportableError:
      ["type": error.errorType, "message": error.message]
    case is ValidationError: ["type": "Operations.Usage", "message": sentence]
    default: ["type": "Operations.Failed", "message": sentence]
    }
  }

  private func optional(_ text: String) -> String? { text.isEmpty ? nil : text }
}
