import Foundation

/// What does not vary with the machine's load: instructions, system calls, and pages.
struct Counts {
  /// What `counting.py` prints.
  private struct Printed: Decodable {
    let firstNextInstructions: Double
    let firstNextSystemCalls: Double
    let firstNextPages: Double
    let instructions: Double
    let systemCalls: Double
    let pages: Double
  }

  private let workspace: Workspace

  init(workspace: Workspace) { self.workspace = workspace }

  /// Those of the contenders with symbols; none where valgrind or strace is not installed.
  func measured(_ contenders: [Contender]) throws -> [Results.Value] {
    let missing = ["valgrind", "strace"].filter {
      (try? Command("sh", "-c", "command -v \($0)").output()) == nil
    }
    guard missing.isEmpty else {
      Console.say("nothing is counted: not installed: \(missing.joined(separator: ", "))")
      return []
    }
    Console.say("instructions, system calls, pages")
    return try contenders.flatMap { try counted($0) }
  }

  private func counted(_ contender: Contender) throws -> [Results.Value] {
    guard let symbols = contender.symbols else { return [] }
    var arguments = [workspace.python.path, "Sources/Measuring/counter/counting.py"]
    arguments += ["--program", contender.command[0], "--symbols", symbols]
    arguments += contender.command.dropFirst().map { "--argument=\($0)" }
    arguments += contender.environment.map { "--set=\($0)=\($1)" }
    let text = try Command(arguments).output()
    let found = try JSONDecoder().decode(Printed.self, from: Data(text.utf8))
    let counts: [(Measure, Double)] = [
      (.firstNextInstructions, found.firstNextInstructions),
      (.firstNextSystemCalls, found.firstNextSystemCalls),
      (.firstNextPages, found.firstNextPages), (.instructions, found.instructions),
      (.systemCalls, found.systemCalls), (.pages, found.pages),
    ]
    return counts.map {
      Results.Value(measure: $0, contender: contender.name, spread: Spread([$1]))
    }
  }
}
