import Archives
import AWSControl
import Foundation

/// The results in the parts of an export as JSON Lines, one part after the other, a line at a time.
package final class ExportedResults: ResultSource {
  /// Of a line; documents are read up to the same size.
  private static let maximumLineBytes = 9 << 20

  private let folder: String
  private let filter: ResultFilter
  private let parts: [String]
  private let isInterrupted: () -> Bool
  package private(set) var trouble = ResultTrouble()
  package var onProgress: (Int) -> Void = { _ in }
  private var count = 0

  /// - Parameter folder: of `results export --format jsonl`.
  /// - Throws: `Refusal` when it has no export, another format, or one that is not complete.
  package init(
    folder: String, _ filter: ResultFilter, isInterrupted: @escaping () -> Bool
  ) throws {
    guard let state = try ExportState(folder: folder) else {
      throw Refusal(
        "\(folder) has no \(ExportState.fileName)",
        advice: "Pass the folder of `results export --format jsonl`")
    }
    guard state.isComplete else {
      throw Refusal("The export in \(folder) is not complete", advice: "Repeat its command")
    }
    guard state.parts.allSatisfy({ $0.name.hasSuffix(".jsonl.gz") }) else {
      throw Refusal("\(folder) has an export as CSV", advice: "Export with --format jsonl")
    }
    self.folder = folder
    self.filter = filter
    self.isInterrupted = isInterrupted
    parts = state.parts.map(\.name)
  }

  package func forEach(
    ranking: Int, _ take: (StoredResult, [UInt8]) throws -> Bool
  ) throws {
    for part in parts {
      let goesOn = try forEachLine(of: part) { line, number in
        guard let result = read(line, part, number, ranking: ranking), filter.takes(result) else {
          return true
        }
        count += 1
        return try take(result, line)
      }
      guard goesOn else { return }
    }
  }

  private func read(
    _ line: [UInt8], _ part: String, _ number: Int, ranking: Int
  ) -> StoredResult? {
    do throws(ResultProblem) {
      return try ResultLine.result(line, ranking: ranking)
    } catch {
      trouble.add("\(part) line \(number)", error)
      return nil
    }
  }

  /// - Returns: false when `take` stopped.
  private func forEachLine(
    of part: String, _ take: (_ line: [UInt8], _ number: Int) throws -> Bool
  ) throws -> Bool {
    let path = "\(folder)/\(part)"
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw Refusal(
        "\(path), a part of the export, cannot be read: \(String(cString: strerror(errno)))",
        advice: "Restore it, or export into a new folder")
    }
    defer { try? handle.close() }
    var lines = LineSplitter(maximumBytes: Self.maximumLineBytes)
    var goesOn = true
    do {
      try Gzip.decompress(reading: { [UInt8](try handle.read(upToCount: 1 << 18) ?? Data()) }) {
        goesOn = try lines.split($0, take)
        onProgress(count)
        if isInterrupted() { throw Interrupted(activity: "results in \(folder)") }
        return goesOn
      }
    } catch let error as ArchiveError {
      throw Refusal("\(path) cannot be read: \(error.problem)", advice: "Export into a new folder")
    }
    return goesOn
  }
}

/// Lines of a text that comes in pieces.
private struct LineSplitter {
  let maximumBytes: Int
  private var line: [UInt8] = []
  private var number = 0

  init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

  mutating func split(
    _ piece: ArraySlice<UInt8>, _ take: ([UInt8], Int) throws -> Bool
  ) throws -> Bool {
    var rest = piece
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      line += rest[..<end]
      number += 1
      rest = rest[(end + 1)...]
      guard try take(line, number) else { return false }
      line.removeAll(keepingCapacity: true)
    }
    line += rest
    guard line.count <= maximumBytes else {
      throw ArchiveError("line \(number + 1) is longer than \(maximumBytes) bytes")
    }
    return true
  }
}
