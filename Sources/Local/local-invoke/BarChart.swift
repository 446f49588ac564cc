import Foundation
import JSON
import Platform

/// Bar charts of the most probable classes of each image, for a terminal.
enum BarChart {
  private static let classCount = 5
  private static let width = 40

  /// One chart per result in the response's body.
  static func charts(of payload: [UInt8]) -> [String] {
    results(of: payload).compactMap(chart)
  }

  /// One line per image that an asynchronous endpoint accepted.
  static func acceptances(of payload: [UInt8]) -> [String] {
    results(of: payload).compactMap { result in
      result["inferenceId"]?.stringValue.map {
        VisibleText.escaped("\(source(of: result)): accepted as \($0); its result follows")
      }
    }
  }

  private static func results(of payload: [UInt8]) -> [JSONValue] {
    guard let answer = try? JSONValue(parsing: payload), let body = ProxyBody.decode(answer)
    else { return [] }
    return (try? JSONValue(parsing: body))?["results"]?.arrayValue ?? []
  }

  private static func chart(of result: JSONValue) -> String? {
    guard let probabilities = result["probabilities"]?.arrayValue else { return nil }
    let classes = probabilities.prefix(classCount).compactMap { entry in
      entry["class"]?.stringValue.flatMap { name in
        entry["probability"]?.doubleValue.map { (VisibleText.escaped(name), $0) }
      }
    }
    if classes.isEmpty, let name = result["class"]?.stringValue {
      return VisibleText.escaped("\(source(of: result))\n  \(name)")
    }
    let nameWidth = classes.map(\.0.count).max() ?? 0
    let lines = classes.map { name, probability in
      let padded = name + String(repeating: " ", count: nameWidth - name.count)
      return "  \(padded)  \(String(format: "%6.2f %%", probability * 100))  \(bar(probability))"
    }
    return ([VisibleText.escaped(source(of: result))] + lines).joined(separator: "\n")
  }

  private static func source(of result: JSONValue) -> String {
    let source = result["source"]
    if let url = source?["url"]?.stringValue { return url }
    if let type = source?["contentType"]?.stringValue { return "request body, \(type)" }
    if let id = source?["inferenceId"]?.stringValue { return "request \(id)" }
    return "s3://\(source?["bucket"]?.stringValue ?? "")/\(source?["key"]?.stringValue ?? "")"
  }

  /// Eighths of a character make small differences visible.
  private static func bar(_ probability: Double) -> String {
    let eighths = Int((min(max(probability, 0), 1) * Double(width * 8)).rounded())
    let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    return String(repeating: "█", count: eighths / 8) + partial
  }
}
