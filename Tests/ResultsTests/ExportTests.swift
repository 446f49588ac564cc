import Archives
import AWSControl
import Foundation
import JSON
import OperationsSupport
import TestSupport
import Testing

@testable import Results

@Suite struct ExportTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("export-\(UUID().uuidString)").path

  private func export(
    _ format: ResultExport.Format = .jsonl, perPart: Int = 2, scope: [String: String] = ["a": "b"]
  ) throws -> ResultExport {
    try ResultExport(folder: folder, format: format, resultsPerPart: perPart, scope: scope)
  }

  private func add(_ keys: some Sequence<Int>, to export: ResultExport) throws {
    for key in keys {
      let result = try stored("\(key)")
      try export.add(result, Array(document("\(key)").utf8))
    }
  }

  private func text(_ part: String) throws -> String {
    let data = try #require(FileManager.default.contents(atPath: "\(folder)/\(part)"))
    var text: [UInt8] = []
    try Gzip.decompress([UInt8](data)) {
      text += $0
      return true
    }
    return String(decoding: text, as: UTF8.self)
  }

  private var files: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder).sorted()) ?? []
  }

  @Test func partsHaveALineForEachResult() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let export = try export()
    try add(0..<5, to: export)
    try export.finish()
    #expect(
      files == ["export.json", "part-00000.jsonl.gz", "part-00001.jsonl.gz", "part-00002.jsonl.gz"])
    let lines = try text("part-00000.jsonl.gz").split(separator: "\n")
    #expect(lines.count == 2)
    #expect(
      lines[0].hasPrefix(
        #"{"resultKey":"results/photos/0.json","written":"2026-11-23T10:00:00.000Z","endpoint":"dog-breeds","#
      ))
    #expect(try JSONValue(parsing: String(lines[0]))["source"]?["key"] == "0")
    let attributes = try FileManager.default.attributesOfItem(
      atPath: "\(folder)/part-00000.jsonl.gz")
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  /// The second run begins behind the last part that has its name, whatever the first left behind.
  @Test func interruptedExportContinuesWithoutGapAndRepetition() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try add(0..<5, to: export())
    #expect(files.contains("part-00002.jsonl.gz.partial"))
    let second = try export()
    #expect(second.position == "results/photos/3.json")
    try add(4..<7, to: second)
    try second.finish()
    let all = try ExportedResults(folder: folder, ResultFilter()) { false }.all()
    #expect(all.map(\.document.image.key) == (0..<7).map(String.init))
    #expect(try export().state.isComplete)
    #expect(!files.contains { $0.hasSuffix(".partial") })
  }

  @Test func secondRunAtTheSameTimeIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let first = try export()
    try add(0..<1, to: first)
    #expect(throws: Refusal.self) { try export() }
    try first.finish()
    #expect(try export().state.isComplete)
  }

  /// Killed between Foundation's write of the state, or of an empty part, and its rename.
  @Test func fileOfAKilledWriteIsRemoved() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try add(0..<3, to: export())
    try Data([1]).write(to: URL(fileURLWithPath: "\(folder)/.dat.nosync105E.Zol9Kp"))
    let second = try export()
    try add(2..<3, to: second)
    try second.finish()
    #expect(files == ["export.json", "part-00000.jsonl.gz", "part-00001.jsonl.gz"])
  }

  /// Killed between the rename of a part and the state.
  @Test func partThatTheStateDoesNotHaveIsWrittenAnew() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try add(0..<2, to: export())
    let state = try #require(FileManager.default.contents(atPath: "\(folder)/export.json"))
    try add(2..<4, to: export())
    try state.write(to: URL(fileURLWithPath: "\(folder)/export.json"))
    let last = try export()
    #expect(last.position == "results/photos/1.json")
    try add(2..<3, to: last)
    try last.finish()
    #expect(try ExportedResults(folder: folder, ResultFilter()) { false }.all().count == 3)
  }

  @Test func folderOfSomethingElseIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try add(0..<2, to: export())
    let other = #expect(throws: Refusal.self) { try export(scope: ["a": "c"]) }
    #expect(other?.reason.hasSuffix("a was b, is c") == true)
    try Data().write(to: URL(fileURLWithPath: "\(folder)/holiday.jpg"))
    let strange = #expect(throws: Refusal.self) { try export() }
    #expect(strange?.reason.contains("holiday.jpg") == true)
  }

  @Test func damagedPartIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try add(0..<2, to: export())
    try Data("x".utf8).write(to: URL(fileURLWithPath: "\(folder)/part-00000.jsonl.gz"))
    let damaged = #expect(throws: Refusal.self) { try export() }
    #expect(damaged?.reason.contains("part-00000") == true)
  }

  @Test func missingPartOfAnExportIsNamed() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let whole = try export()
    try add(0..<2, to: whole)
    try whole.finish()
    let results = try ExportedResults(folder: folder, ResultFilter()) { false }
    try FileManager.default.removeItem(atPath: "\(folder)/part-00000.jsonl.gz")
    let missing = #expect(throws: Refusal.self) { try results.all() }
    #expect(
      missing?.reason.hasSuffix(
        "part-00000.jsonl.gz, a part of the export, cannot be read: No such file or directory")
        == true)
  }

  @Test func exportThatIsNotCompleteOrNotThereIsNotSummarized() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(throws: Refusal.self) { try ExportedResults(folder: folder, ResultFilter()) { false } }
    let first = try export()
    try add(0..<2, to: first)
    #expect(throws: Refusal.self) { try ExportedResults(folder: folder, ResultFilter()) { false } }
  }

  @Test func documentOverSeveralLinesIsOneLine() throws {
    let pretty = Array("\n{\r\n\t\"endpoint\": \"a\\nb\"\n}\n".utf8)
    let line = ResultLine.line(try stored("x"), pretty)
    #expect(line.filter { $0 == UInt8(ascii: "\n") }.count == 1)
    #expect(try JSONValue(parsing: Array(line.dropLast()))["endpoint"] == "a\nb")
  }

  @Test(arguments: hostileKeys)
  func hostileKeyIsInBothFormats(key: String) throws {
    let result = try stored(key)
    let line = ResultLine.line(result, Array(document(key).utf8))
    #expect(
      Array(try ResultLine.result(Array(line.dropLast()), ranking: 0).document.image.key.utf8)
        == Array(key.utf8))
    let csv = CSVLine.line(result)
    let cell = try #require(try PythonCSV.rows(csv).first?[1])
    #expect(!"=+-@\t\r".unicodeScalars.contains(try #require(cell.unicodeScalars.first)))
    let restored = cell.hasPrefix("'") ? String(cell.dropFirst()) : cell
    #expect(Array(restored.utf8) == Array(key.utf8))
  }

  @Test func csvHasTheBestTwoClasses() throws {
    #expect(
      CSVLine.line(try stored("rex.jpg"))
        == "photos,rex.jpg,,001.Affenpinscher,0.75,002.Afghan_hound,0.25,dog-breeds,AllTraffic,request-1,12,34,"
        + "2026-11-23T10:00:00.000Z,5d41\n")
    #expect(CSVLine.header.split(separator: ",").count == 14)
  }
}

/// CSV as Python's module reads it.
private enum PythonCSV {
  static func rows(_ text: String) throws -> [[String]] {
    let program =
      "import csv,io,json,sys; print(json.dumps(list(csv.reader(io.StringIO(sys.stdin.buffer.read().decode(), newline='')))))"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program]
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    try input.fileHandleForWriting.close()
    let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    return (try JSONValue(parsing: bytes).arrayValue ?? []).map {
      ($0.arrayValue ?? []).compactMap(\.stringValue)
    }
  }
}
