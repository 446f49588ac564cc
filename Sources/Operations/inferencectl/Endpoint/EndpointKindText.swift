import ArgumentParser
import AWSControl

/// The values of `--serverless` and `--async`. What is wrong in itself ends the program with status
/// 2, before any call.
enum EndpointKindText {
  /// `memory=2048,max=5,provisioned=1`, or some of it.
  static func serverless(_ text: String) throws -> ServerlessChange {
    let numbers = try pairs(
      text, of: "--serverless", names: ["memory", "max", "provisioned"],
      example: "memory=2048,max=5"
    ).mapValues { text -> Int in
      guard let number = Int(text) else {
        throw ValidationError("--serverless: \(text) must be a whole number.")
      }
      return number
    }
    let change = ServerlessChange(
      memoryMegabytes: numbers["memory"], maximumConcurrency: numbers["max"],
      provisionedConcurrency: numbers["provisioned"])
    // With what is not given at its limit, so that each value is checked before any call.
    let widest = try ServerlessConfiguration(
      memoryMegabytes: 6144, maximumConcurrency: 200, provisionedConcurrency: nil)
    do { _ = try change.applied(to: widest) } catch {
      throw ValidationError("--serverless: \(error.message).")
    }
    return change
  }

  /// The same with memory and maximum, for a new endpoint.
  static func newServerless(_ text: String) throws -> ServerlessConfiguration {
    let change = try serverless(text)
    guard let memory = change.memoryMegabytes, let maximum = change.maximumConcurrency else {
      throw ValidationError("--serverless requires memory and max, for example memory=2048,max=5.")
    }
    return try ServerlessConfiguration(
      memoryMegabytes: memory, maximumConcurrency: maximum,
      provisionedConcurrency: change.provisionedConcurrency)
  }

  /// `output=s3://…,errors=s3://…`, or some of it.
  static func asynchronous(_ text: String) throws -> AsynchronousChange {
    let texts = try pairs(
      text, of: "--async",
      names: ["output", "errors", "topic-success", "topic-error", "max-per-instance", "kms-key"],
      example: "output=s3://dog-results/output,errors=s3://dog-results/failures")
    var change = AsynchronousChange()
    change.outputPath = try path(texts["output"], "output")
    change.failurePath = try path(texts["errors"], "errors")
    change.successTopicARN = try topic(texts["topic-success"], "topic-success")
    change.errorTopicARN = try topic(texts["topic-error"], "topic-error")
    change.kmsKeyID = texts["kms-key"]
    if let text = texts["max-per-instance"] {
      guard let count = Int(text), (1...1000).contains(count) else {
        throw ValidationError("--async: max-per-instance must be 1 to 1000, not \(text).")
      }
      change.maximumInvocationsPerInstance = count
    }
    return change
  }

  /// `name=value,name=value`; a value may contain `=`.
  private static func pairs(
    _ text: String, of option: String, names: [String], example: String
  ) throws -> [String: String] {
    var found: [String: String] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map(String.init)
      guard pair.count == 2, !pair[1].isEmpty, names.contains(pair[0]) else {
        throw ValidationError(
          "\(option): \(part) must be NAME=VALUE with \(names.joined(separator: ", ")), for example \(example)."
        )
      }
      guard found.updateValue(pair[1], forKey: pair[0]) == nil else {
        throw ValidationError("\(option): \(pair[0]) is given more than once.")
      }
    }
    return found
  }

  private static func path(_ text: String?, _ name: String) throws -> String? {
    guard let text else { return nil }
    guard S3Location(text) != nil, text.utf8.count <= 512 else {
      throw ValidationError(
        "--async: \(name) must be s3://BUCKET/PREFIX of at most 512 characters, not \(text).")
    }
    return text
  }

  private static func topic(_ text: String?, _ name: String) throws -> String? {
    guard let text else { return nil }
    guard text.hasPrefix("arn:"), text.contains(":sns:"), !text.hasSuffix(".fifo") else {
      throw ValidationError(
        "--async: \(name) must be the ARN of a standard SNS topic, arn:aws:sns:REGION:ACCOUNT:NAME, not \(text)."
      )
    }
    return text
  }
}
