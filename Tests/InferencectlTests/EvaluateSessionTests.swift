import Foundation
import OperationsSupport
import TestSupport
import Testing

@testable import inferencectl

/// The terminal session of docs/evaluation.md.
///
/// `RECORD_SESSIONS=1 swift test --filter EvaluateSessionTests` writes it anew.
@Suite struct EvaluateSessionTests {
  private static let breeds = ["Affenpinscher", "Afghan_hound", "Airedale_terrier"]

  @Test func twoModelsAreCompared() throws {
    let scripted = try ScriptedLocalInvoke()
    try classify(scripted) { breed, index in (breed + (index % 4 == 3 ? 1 : 0)) % 3 }
    var text = type("dogImages/test --model dogs-v1.tar.gz --save v1.json", scripted)
    try classify(scripted) { breed, index in
      (breed + (index == 3 || breed == 1 && index < 2 ? 1 : 0)) % 3
    }
    text += type(
      "dogImages/test --model dogs-v2.tar.gz --compare v1.json --fail-below 80% --max-flips 5%",
      scripted)
    try SessionPage("docs/evaluation.md").compare(text, "evaluate")
  }

  /// Eight photographs of each breed.
  ///
  /// - Parameter predicted: the breed that the model ranks first.
  private func classify(
    _ scripted: ScriptedLocalInvoke, _ predicted: (_ breed: Int, _ index: Int) -> Int
  ) throws {
    for (breed, name) in Self.breeds.enumerated() {
      for index in 0..<8 {
        let first = predicted(breed, index)
        let probability = 0.9 - Double(index) / 20
        let rest = (1 - probability) / 2
        let others = Self.breeds.indices.filter { $0 != first }
        try scripted.add(
          "00\(breed + 1).\(name)/\(name)_0000\(index).jpg",
          [(Self.breeds[first], probability)] + others.map { (Self.breeds[$0], rest) })
      }
    }
  }

  private func type(_ command: String, _ scripted: ScriptedLocalInvoke) -> String {
    let arguments = command.split(separator: " ").map { word in
      word == "dogImages/test"
        ? scripted.photographs
        : word.hasSuffix(".json")
          ? scripted.folder.appendingPathComponent(String(word)).path : String(word)
    }
    let seen = Recorder<String>()
    // As a terminal shows it in the end: progress is overwritten.
    let console = Console(
      writeOutput: { seen.add($0) },
      writeError: { if !$0.hasPrefix("\r\u{1B}[K") { seen.add($0) } }, isTerminal: true)
    let status = Program.run(
      ["evaluate"] + arguments + ["--local-invoke", scripted.program],
      environment: ["PATH": "/usr/bin:/bin", "AWS_CONFIG_FILE": "/dev/null"], console: console)
    let output = seen.all.joined().replacing("\(scripted.folder.path)/", with: "")
    return "$ inferencectl evaluate \(command)\n\(output)"
      + (status == 0 ? "" : "$ echo $?\n\(status)\n")
  }
}
