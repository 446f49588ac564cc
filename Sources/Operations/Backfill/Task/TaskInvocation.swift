import AWSControl
import JSON

/// One task as S3 Batch Operations gives it to the function, in schema 2.0, and what the function answers.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-invoke-lambda.html
package enum TaskInvocation {
  package static func event(_ row: ManifestRow, jobID: String) -> [UInt8] {
    let task: JSONValue = [
      "taskId": "1", "s3Bucket": .string(row.bucket), "s3Key": .string(row.encodedKey),
      "s3VersionId": row.versionID.map { .string($0) } ?? .null,
    ]
    let event: JSONValue = [
      "invocationSchemaVersion": "2.0", "invocationId": .string(jobID),
      "job": ["id": .string(jobID), "userArguments": [:]], "tasks": [task],
    ]
    return event.serialized()
  }

  /// The result of a task.
  package static func outcome(_ result: Result<Invoke.Output, any Error>) -> TaskOutcome {
    let answer: Invoke.Output
    switch result {
    case .success(let output): answer = output
    case .failure(let error): return .failed(.temporary, "\(error)")
    }
    let json = try? JSONValue(parsing: answer.payload)
    if answer.functionError != nil {
      return .failed(
        .temporary,
        "Lambda returned function error: \(String(decoding: answer.payload.prefix(1024), as: UTF8.self))"
      )
    }
    guard let task = json?["results"]?[0], let code = task["resultCode"]?.stringValue else {
      return .failed(
        .permanent,
        "Invalid JSON returned in Lambda payload: is this the image classification function?")
    }
    let text = task["resultString"]?.stringValue ?? ""
    return switch code {
    case "Succeeded": .succeeded(text)
    case "TemporaryFailure": .failed(.temporary, text)
    default: .failed(.permanent, text)
    }
  }
}

/// The result of a task.
package enum TaskOutcome: Sendable, Equatable {
  package enum Failure: String, Sendable {
    /// May succeed when it is repeated.
    case temporary = "TemporaryFailure"
    case permanent = "PermanentFailure"
  }

  /// With the function's words: `CLASS PROBABILITY`.
  case succeeded(String)
  case failed(Failure, String)
}
