import AWSControl
import Foundation
import JSON

/// An event with which the new version is invoked before any user's.
package struct SmokeEvent: Sendable {
  /// The sum of complete probabilities may differ from 1 by this much.
  private static let tolerance = 0.001

  package let path: String
  let payload: [UInt8]

  /// Reads a file of JSON.
  ///
  /// - Throws: `Refusal`.
  package init(reading path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Refusal("\(path) cannot be read", advice: "Check --smoke")
    }
    payload = [UInt8](data)
    self.path = path
    guard (try? JSONValue(parsing: payload)) != nil else {
      throw Refusal("\(path) is not JSON", advice: "Check --smoke")
    }
  }

  /// Invokes the version and checks its answer; only planned in a dry run.
  ///
  /// - Throws: `Refusal` with what is wrong in the answer.
  func run(onVersion version: String, _ context: DeploymentContext) throws {
    let answer = try context.client.write(
      Invoke(functionName: context.functionName, qualifier: version, payload: payload))
    guard let answer else { return }
    do {
      context.report("version \(version): \(path): \(try Self.check(answer))")
    } catch let problem as Problem {
      throw Refusal(
        "Version \(version) failed \(path): \(problem.text). It got no traffic",
        advice: "Check the event, or deploy a mended version")
    }
  }

  private struct Problem: Error {
    let text: String
  }

  /// - Returns: what was checked.
  private static func check(_ answer: Invoke.Output) throws -> String {
    let text = String(decoding: answer.payload.prefix(500), as: UTF8.self)
    guard answer.functionError == nil else { throw Problem(text: "the invocation failed: \(text)") }
    guard let json = try? JSONValue(parsing: answer.payload) else {
      throw Problem(text: "the answer is not JSON: \(text)")
    }
    if let failures = json["batchItemFailures"]?.arrayValue {
      guard failures.isEmpty else { throw Problem(text: "messages failed: \(text)") }
      return "no message failed"
    }
    if let tasks = json["results"]?.arrayValue, json["invocationSchemaVersion"] != nil {
      guard tasks.allSatisfy({ $0["resultCode"] == "Succeeded" }), !tasks.isEmpty else {
        throw Problem(text: "tasks failed: \(text)")
      }
      return "\(tasks.count) tasks succeeded"
    }
    let status = json["statusCode"]?.int64Value ?? 0
    // An asynchronous endpoint accepts the image and answers later.
    if status == 202 { return "status 202, accepted" }
    guard status == 200 else { throw Problem(text: "status \(status): \(text)") }
    return "status 200, \(try classes(in: json, text))"
  }

  private static func classes(in json: JSONValue, _ text: String) throws -> String {
    let body = json["body"]?.stringValue.flatMap { try? JSONValue(parsing: Array($0.utf8)) }
    guard let results = body?["results"]?.arrayValue, !results.isEmpty else {
      throw Problem(text: "the answer has no results: \(text)")
    }
    for result in results {
      let classes = result["probabilities"]?.arrayValue ?? []
      guard result["class"]?.stringValue?.isEmpty == false, !classes.isEmpty,
        classes.allSatisfy({ $0["class"]?.stringValue?.isEmpty == false })
      else { throw Problem(text: "a result has no class: \(text)") }
      let sum = classes.reduce(0) { $0 + ($1["probability"]?.doubleValue ?? 0) }
      let isComplete = result["complete"] != false && body?["complete"] != false
      guard !isComplete || abs(sum - 1) <= tolerance else {
        throw Problem(text: "the probabilities of all classes add up to \(sum), not to 1")
      }
    }
    let best = results[0]["class"]?.stringValue ?? ""
    return "\(results.count) \(results.count == 1 ? "result" : "results"), \(best)"
  }
}
