import Foundation

/// A stand-in for `local-invoke` and its photographs: each file holds the line that the program prints for it.
package final class ScriptedLocalInvoke {
  /// The folder of everything.
  package let folder: URL
  /// The folder of the photographs.
  package var photographs: String { folder.appendingPathComponent("photographs").path }
  package var program: String { folder.appendingPathComponent("local-invoke").path }

  /// Prints, for each file of its arguments, the file's second line, and to standard error what `local-invoke` does.
  /// `DIE` ends it with an error, `WAIT` until it is killed. With `thumbnail` it prints a picture for each file.
  private static let script = """
    #!/bin/sh
    echo "$@" >>"$(dirname "$0")/commands"
    number=0
    for path; do
      case $path in *.jpg) ;; *) continue ;; esac
      if [ "$1" = thumbnail ]; then
        printf '{"path":"x","thumbnail":"data:image/jpeg;base64,AAAA"}\\n'
        continue
      fi
      line=$(sed -n 2p "$path")
      if [ "$line" = DIE ]; then echo 'Error: it has died' >&2; exit 3; fi
      if [ "$line" = WAIT ]; then echo waiting >"$(dirname "$0")/waiting"; exec sleep 600; fi
      number=$((number + 1))
      printf '{"level":"INFO","requestId":"%s","endpointMilliseconds":40}\\n' "$number" >&2
      printf 'REPORT RequestId: %s\\tDuration: 46.50 ms\\tBilled Duration: 47 ms\\t\\n' "$number" >&2
      printf '%s\\n' "$line"
    done

    """

  package init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "scripted-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      atPath: folder.appendingPathComponent("photographs").path, withIntermediateDirectories: true)
    try Self.script.write(toFile: program, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
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
