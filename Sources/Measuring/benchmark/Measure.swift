/// What is measured, in the order of the table. Less is better in all of them.
enum Measure: String, Codable, CaseIterable {
  case firstNext, firstNextInstructions, firstNextSystemCalls, firstNextPages
  case firstAnswer
  case duration, cpu, instructions, systemCalls, pages
  case durationAllCores, cpuAllCores
  case skippedDuration
  case tenDuration, tenCPU
  case memory100KB, memory5MB, cpu5MB
  case zipBytes
  case signature
  case jsonReply, jsonEvent

  var title: String {
    switch self {
    case .firstNext: "process start to first `/next`"
    case .firstNextInstructions: "its instructions"
    case .firstNextSystemCalls: "its system calls"
    case .firstNextPages: "its pages"
    case .firstAnswer: "process start to first answer"
    case .duration: "an invocation, 100 KB image"
    case .cpu: "its CPU time"
    case .instructions: "its instructions without SHA-256"
    case .systemCalls: "its system calls"
    case .pages: "its pages"
    case .durationAllCores: "an invocation, 100 KB image, not pinned to a core"
    case .cpuAllCores: "its CPU time"
    case .skippedDuration: "an event with nothing to classify"
    case .tenDuration: "ten images in one event, an endpoint that takes 20 ms"
    case .tenCPU: "its CPU time"
    case .memory100KB: "peak memory, 100 KB images"
    case .memory5MB: "peak memory, 5 MB images"
    case .cpu5MB: "CPU time of an invocation, 5 MB image"
    case .zipBytes: "zip"
    case .signature: "a signature, key cached, body hash apart"
    case .jsonReply: "parsing a reply of 133 values"
    case .jsonEvent: "parsing an S3 event"
    }
  }

  /// What one of the values is counted in: microseconds, KiB, bytes, or a number.
  enum Unit { case microseconds, kibibytes, bytes, count }

  var unit: Unit {
    switch self {
    case .memory100KB, .memory5MB: .kibibytes
    case .zipBytes: .bytes
    case .firstNextInstructions, .firstNextSystemCalls, .firstNextPages,
      .instructions, .systemCalls, .pages:
      .count
    default: .microseconds
    }
  }
}

/// One of the things that are measured side by side.
struct Contender {
  /// What this repository is about.
  static let function = "function"
  static let floor = "C floor"
  static let hashingFloor = "C floor + hashes"
  static let limit = "raw C + hashes"
  static let python = "awslambdaric + boto3"
  static let foundation = "Foundation's decoder"

  let name: String
  /// The program and its arguments.
  let command: [String]
  var environment: [String: String] = [:]
  /// The floors and the limit answer without having understood anything.
  var isFloor = false
  /// A file with the names of its functions; nil when its instructions are not counted.
  var symbols: String?
}
