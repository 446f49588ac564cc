import AWSControl
import Foundation
import JSON

/// The answers of an evaluation as they come, so that an interrupted one continues: a line of JSON for each photograph,
/// in the form of the function's stored results.
package struct AnswerFile {
  /// An answer that is there.
  package struct Kept {
    package let photograph: ClassifiedPhotograph
    package let functionMilliseconds: Double?
    let bytes: Int?
    let model: String?
  }

  package let path: String
  private let model: String
  private var kept: [String: Kept] = [:]
  private let handle: FileHandle

  /// Opens the file, or creates it.
  ///
  /// - Parameter model: what distinguishes the model from others.
  /// - Throws: `Refusal` for a file that cannot be written, or has answers of another model.
  package init(path: String, model: String) throws(Refusal) {
    (self.path, self.model) = (path, model)
    let bytes = FileManager.default.contents(atPath: path).map(Array.init) ?? []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      // The last line of a program that was killed may be incomplete.
      guard let document = try? JSONValue(parsing: Array(line)), let entry = Self.entry(document)
      else { continue }
      if let other = entry.kept.model, other != model {
        throw Refusal(
          "\(path) has answers of another model: \(other), not \(model)",
          advice: "Use another --answers")
      }
      kept[entry.key] = entry.kept
    }
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    guard let handle = FileHandle(forUpdatingAtPath: path),
      (try? handle.seekToEnd()) != nil
    else { throw Refusal("\(path) cannot be written", advice: "Use another --answers") }
    self.handle = handle
    if let last = bytes.last, last != UInt8(ascii: "\n") {
      try? handle.write(contentsOf: Data("\n".utf8))
    }
  }

  private static func entry(_ document: JSONValue) -> (key: String, kept: Kept)? {
    guard let photograph = ClassifiedPhotograph(document), let evaluation = document["evaluation"],
      let key = evaluation["key"]?.stringValue
    else { return nil }
    return (
      key,
      Kept(
        photograph: photograph,
        functionMilliseconds: evaluation["functionMilliseconds"]?.doubleValue,
        bytes: evaluation["bytes"]?.int64Value.map(Int.init),
        model: evaluation["model"]?.stringValue)
    )
  }

  /// Nil for a photograph without an answer, or whose size is another one now.
  package func answer(for file: LabeledFile) -> Kept? {
    kept[file.key].flatMap { $0.bytes == file.bytes ? $0 : nil }
  }

  /// - Throws: `Refusal` when the disk is full, for example.
  func add(
    _ document: JSONValue, _ times: ReplayLog.Times, of file: LabeledFile
  ) throws(Refusal) {
    guard case .object(var object) = document else { return }
    if let milliseconds = times.endpointMilliseconds {
      object.set("endpointMilliseconds", to: milliseconds.json)
    }
    let evaluation: OperationInput = [
      "key": file.key, "bytes": file.bytes, "model": model,
      "functionMilliseconds": times.functionMilliseconds,
    ]
    object.set("evaluation", to: evaluation.json)
    do {
      try handle.write(contentsOf: Data(JSONValue.object(object).serialized() + [0x0A]))
    } catch {
      throw Refusal("\(path) cannot be written: \(error.localizedDescription)")
    }
  }
}
