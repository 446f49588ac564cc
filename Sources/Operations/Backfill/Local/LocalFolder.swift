import AWSControl
import Foundation
import JSON

/// The files of a local run: `manifest.csv`, `report.csv` with a line for each finished task, and `run.json`.
package final class LocalFolder {
  package let path: String
  private var handle: FileHandle?

  package init(path: String) { self.path = path }

  /// What is in `run.json`.
  package struct Run: Sendable, Equatable {
    package let functionName: String
    /// Without the version, so that a resume with other credentials or in another Region does not find a namesake.
    package let functionARN: String
    package let version: String
    /// Tasks of the manifest.
    package let tasks: Int
    package let creationTime: String

    package init(
      functionName: String, functionARN: String, version: String, tasks: Int, creationTime: String
    ) {
      self.functionName = functionName
      self.functionARN = functionARN
      self.version = version
      self.tasks = tasks
      self.creationTime = creationTime
    }
  }

  private func url(_ name: String) -> URL {
    URL(fileURLWithPath: path, isDirectory: true).appendingPathComponent(name)
  }

  /// - Throws: `Refusal` where there is something already.
  package func requireAbsent() throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    let isRun = (try? run()) != nil
    throw Refusal(
      "\(path) exists already",
      advice: isRun
        ? "To continue it, use `backfill resume --folder \(path)`; or name another with --folder"
        : "Name another with --folder")
  }

  /// - Throws: `Refusal` where there is something already; Foundation's errors.
  package func create(_ run: Run, _ manifest: Manifest) throws {
    try requireAbsent()
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try Data(manifest.bytes).write(to: url("manifest.csv"))
    let json: OperationInput = [
      "functionName": run.functionName, "functionARN": run.functionARN, "version": run.version,
      "tasks": run.tasks, "creationTime": run.creationTime,
    ]
    try Data(json.json.serialized()).write(to: url("run.json"))
  }

  /// - Throws: `Refusal` for a folder that is none of a local run.
  package func run() throws -> Run {
    guard let data = try? Data(contentsOf: url("run.json")),
      let json = try? JSONValue(parsing: Array(data)),
      let name = json["functionName"]?.stringValue, let arn = json["functionARN"]?.stringValue,
      let version = json["version"]?.stringValue, let tasks = json["tasks"]?.int64Value
    else { throw Refusal("\(path) is not the folder of a local backfill") }
    return Run(
      functionName: name, functionARN: arn, version: version, tasks: Int(tasks),
      creationTime: json["creationTime"]?.stringValue ?? "")
  }

  package func readManifest(_ take: (ManifestRow) throws -> Void) throws {
    let bytes = try Data(contentsOf: url("manifest.csv"), options: .alwaysMapped)
    try Manifest.read(Array(bytes), from: "\(path)/manifest.csv", take: take)
  }

  /// Reads the report, of each task what was written last: a resumed run repeats what failed. Nothing where no task has
  /// finished. All rows are in memory.
  package func readReport(_ take: (ReportRow?) throws -> Void) throws {
    guard let file = try? FileHandle(forReadingFrom: url("report.csv")) else { return }
    defer { try? file.close() }
    var reader = ReportReader()
    var places: [ManifestRow: Int] = [:]
    var rows: [ReportRow?] = []
    func keep(_ row: ReportRow?) {
      if let row, let place = places[row.object] {
        rows[place] = row
        return
      }
      if let row { places[row.object] = rows.count }
      rows.append(row)
    }
    while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
      reader.add(Array(piece)[...], keep)
    }
    reader.end(keep)
    for row in rows { try take(row) }
  }

  /// Opens the report for more lines, for this process only. A line that a killed run has left unfinished is removed.
  ///
  /// - Throws: `Refusal` while another run has it.
  package func openReport() throws {
    let report = url("report.csv")
    if !FileManager.default.fileExists(atPath: report.path) {
      try Data().write(to: report)
    }
    let file = try FileHandle(forUpdating: report)
    guard flock(file.fileDescriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw Refusal("Another run is working on \(path)", advice: "Wait for its end")
    }
    let size = try file.seekToEnd()
    let tail = min(size, 1 << 16)
    try file.seek(toOffset: size - tail)
    let bytes = Array(try file.read(upToCount: Int(tail)) ?? Data())
    let kept = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    try file.truncate(atOffset: size - tail + UInt64(kept))
    try file.seekToEnd()
    handle = file
  }

  package func append(_ row: ReportRow) throws {
    try handle?.write(contentsOf: Data((row.line + "\n").utf8))
  }

  package func close() throws {
    try handle?.synchronize()
    try handle?.close()
    handle = nil
  }
}
