import AWSControl
import AWSClient
import Archives

/// The classes of a model, out of `labels.txt` in its archive, so that the function's labels and the model's
/// outputs cannot drift apart.
package struct ModelLabels: Sendable, Equatable {
  /// The function takes no more.
  package static let maximumBytes = 1 << 20
  /// An archive of more is not read for its labels.
  package static let maximumArchiveBytes = 2 << 30

  /// In the order of the model's outputs.
  package let names: [String]

  /// What the function reads as `CLASS_LABELS`: a label a line.
  package var file: [UInt8] { Array(names.map { $0 + "\n" }.joined().utf8) }

  /// Reads them from an archive in S3.
  ///
  /// - Throws: `AWSError` when it cannot be read; `Refusal` when it is no model archive or has no labels.
  package static func inArchive(
    _ location: S3Location, with client: ControlClient
  ) throws -> ModelLabels {
    let archive = try client.readObject(location, maximumBytes: maximumArchiveBytes)
    let bytes: [UInt8]?
    do {
      bytes = try Tar.file(named: "labels.txt", inGzip: archive, maximumBytes: maximumBytes)
    } catch let error as ArchiveError {
      throw Refusal("\(location) is no model.tar.gz: \(error)")
    }
    guard let bytes else {
      throw Refusal(
        "There is no labels.txt in \(location)",
        advice:
          "train.py puts one there; with another script use --no-labels and give the function "
          + "the names with ./build-zip.sh --labels FILE")
    }
    return try ModelLabels(bytes: bytes, place: "labels.txt in \(location)")
  }

  /// - Parameter place: for messages.
  init(bytes: [UInt8], place: String) throws(Refusal) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Refusal("\(place) is no UTF-8 text")
    }
    names = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.last == "\r" ? String($0.dropLast()) : String($0) }
      .reversed().drop { $0.isEmpty }.reversed()
    guard names.count > 1 else { throw Refusal("\(place) has \(names.count) labels") }
    if let index = names.firstIndex(where: \.isEmpty) {
      throw Refusal("Line \(index + 1) of \(place) is empty")
    }
  }
}
