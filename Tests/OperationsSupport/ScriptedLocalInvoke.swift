import Foundation
import TestSupport

/// A stand-in for `local-invoke` and its photographs: each file holds the line that the program prints for it.
package final class ScriptedLocalInvoke {
  /// The folder of everything.
  package let folder: URL
  /// The folder of the photographs.
  package var photographs: String { folder.appendingPathComponent("photographs").path }
  package var program: String { folder.appendingPathComponent("local-invoke").path }

  package init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "scripted-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      atPath: folder.appendingPathComponent("photographs").path, withIntermediateDirectories: true)
    // A link: a program that this process has just written is busy while another test starts a process.
    try FileManager.default.createSymbolicLink(
      atPath: program,
      withDestinationPath: Repository.root.appendingPathComponent(
        "Tests/OperationsSupport/scripted-local-invoke.sh"
      ).path)
  }

  deinit {
    // What is left of it does no harm.
    try? FileManager.default.removeItem(at: folder)
  }

  /// The arguments of each run.
  package var commands: [String] {
    let text = try? String(contentsOf: folder.appendingPathComponent("commands"), encoding: .utf8)
    return (text ?? "").split(separator: "\n").map(String.init)
  }

  /// Whether a `WAIT` was reached.
  package var isWaiting: Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent("waiting").path)
  }

  /// - Parameter line: what is printed for it.
  package func add(_ key: String, line: String) throws {
    let file = URL(fileURLWithPath: "\(photographs)/\(key)")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data([0xFF, 0xD8, 0xFF, 0x0A] + Array("\(line)\n".utf8)).write(to: file)
  }

  /// - Parameter ranking: classes and probabilities, the highest first.
  package func add(_ key: String, _ ranking: [(String, Double)]) throws {
    try add(key, line: Self.answer(ranking))
  }

  /// The function's answer about one photograph.
  package static func answer(_ ranking: [(String, Double)]) -> String {
    let list = ranking.map { #"{\"class\":\"\#($0.0)\",\"probability\":\#($0.1)}"# }
    let best = ranking.first.map { #"\"class\":\"\#($0.0)\",\"probability\":\#($0.1),"# } ?? ""
    return
      #"{"statusCode":200,"body":"{\"endpoint\":\"e\",\"results\":[{\"source\":{\"bucket\":\"b\",\"key\":\"k\"},\#(best)\"probabilities\":[\#(list.joined(separator: ","))]}]}"}"#
  }
}
