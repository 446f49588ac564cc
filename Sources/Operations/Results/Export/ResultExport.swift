import AWSControl
import Foundation

/// Writes results into parts of gzip in a folder. A part has its name only when it is complete, and the state is
/// written behind it, so that a run that was killed at any moment is continued without a gap and without a repetition.
package final class ResultExport {
  package enum Format: String, CaseIterable, Sendable {
    case csv, jsonl
  }

  package private(set) var state: ExportState
  private let folder: String
  private let format: Format
  private let resultsPerPart: Int
  private var lock: FolderLock?
  private var file: GzipFile?
  private var count = 0
  private var lastKey = ""

  /// Opens a new or empty folder, or one with an export of the same scope.
  ///
  /// - Parameter scope: what is exported, as text.
  /// - Throws: `Refusal` for a folder with something else in it, or with a part that is not as it was written;
  ///   `CocoaError`.
  package init(
    folder: String, format: Format, resultsPerPart: Int, scope: [String: String]
  ) throws {
    (self.folder, self.format, self.resultsPerPart) = (folder, format, resultsPerPart)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    lock = try FolderLock(folder)
    state = try ExportState(folder: folder) ?? ExportState(scope: scope)
    guard state.scope == scope else {
      throw Refusal(
        "\(folder) has an export of something else: \(Self.difference(state.scope, scope))",
        advice: "Choose another folder, or repeat the arguments of the first run")
    }
    try checkParts()
  }

  /// The key behind which an interrupted export continues; nil at the beginning.
  package var position: String? { state.parts.last?.lastKey }

  /// How many classes of a result are needed.
  package var ranking: Int { format == .csv ? 2 : 0 }

  package func add(_ result: StoredResult, _ document: [UInt8]) throws {
    let file = try file ?? open()
    switch format {
    case .jsonl: try file.append(ResultLine.line(result, document))
    case .csv: try file.append(Array(CSVLine.line(result).utf8))
    }
    count += 1
    lastKey = result.key
    if count == resultsPerPart { try endPart() }
  }

  /// Ends the last part and the export.
  package func finish() throws {
    try endPart()
    state.isComplete = true
    try state.write(to: folder)
    lock = nil
  }

  private func open() throws -> GzipFile {
    let file = try GzipFile(path: "\(folder)/\(partName)")
    if format == .csv { try file.append(Array(CSVLine.header.utf8)) }
    self.file = file
    return file
  }

  private var partName: String {
    let digits = String(state.parts.count)
    return "part-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
      + ".\(format.rawValue).gz"
  }

  private func endPart() throws {
    guard let file else { return }
    let bytes = try file.finish()
    state.parts.append(.init(name: partName, results: count, bytes: bytes, lastKey: lastKey))
    try state.write(to: folder)
    self.file = nil
    count = 0
  }

  private func checkParts() throws {
    for part in state.parts {
      let path = "\(folder)/\(part.name)"
      let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
      guard size == part.bytes else {
        throw Refusal(
          "\(path) has \(size.map { "\($0) bytes" } ?? "vanished"), not the \(part.bytes) bytes that were written",
          advice: "Export into a new folder")
      }
    }
    let known = Set(state.parts.map(\.name) + [ExportState.fileName])
    var files = try FileManager.default.contentsOfDirectory(atPath: folder)
    // What Foundation writes before a rename, when the last run was killed between the two.
    for name in files where name.hasPrefix(".dat.nosync") {
      try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
    files.removeAll { $0.hasPrefix(".dat.nosync") }
    // The part under way when the last run was killed, complete or not, is written anew.
    let next = [partName, partName + GzipFile.suffix]
    if let other = files.filter({ !known.contains($0) && !next.contains($0) }).min() {
      throw Refusal(
        "\(folder) is not the folder of an export: it contains \(other)",
        advice: "Choose a new or empty folder")
    }
  }

  private static func difference(_ old: [String: String], _ new: [String: String]) -> String {
    Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.map {
      "\($0) was \(old[$0] ?? "not given"), is \(new[$0] ?? "not given")"
    }.joined(separator: "; ")
  }
}

@available(*, unavailable)
extension ResultExport: Sendable {}

/// Keeps other runs out of a folder while it lives: two would rename each other's parts.
private final class FolderLock {
  private let descriptor: Int32

  /// - Throws: `Refusal` while another run has it. A file system without locks has none.
  init(_ folder: String) throws {
    descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      throw Refusal("Another run is exporting into \(folder)", advice: "Wait for its end")
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
