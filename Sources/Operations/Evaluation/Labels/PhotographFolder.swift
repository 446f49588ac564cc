import AWSControl
import Foundation
import ImageClassification
import Training

/// A photograph of this machine to evaluate.
package struct LabeledFile: Sendable, Equatable {
  /// Below the folder.
  package let key: String
  package let path: String
  package let label: String?
  package let bytes: Int
}

/// The photographs in a folder and in the folders below it.
package enum PhotographFolder {
  /// Reads names, sizes, and first bytes.
  ///
  /// - Parameters:
  ///   - acceptsAnyImage: also others than JPEG and PNG, which the built-in model cannot read.
  ///   - maximumBytes: the function's limit.
  /// - Returns: the photographs by key, and files that are not, with the reason.
  /// - Throws: `TrainingError` for a folder that cannot be read; `Refusal` for one without photographs, or with splits.
  package static func list(
    _ folder: String, rule: LabelRule, acceptsAnyImage: Bool, maximumBytes: Int = 6_291_456
  ) throws -> (files: [LabeledFile], skipped: [Evaluation.Failure]) {
    let listed = try PhotographListing.files(in: folder).filter { !$0.path.hasSuffix("/") }
    let root = URL(fileURLWithPath: folder).standardizedFileURL.path
    let place = folder.hasSuffix("/") ? folder : "\(folder)/"
    if case .folder = rule { try refuseSplits(listed, folder) }
    var files: [LabeledFile] = []
    var skipped: [Evaluation.Failure] = []
    for file in listed.sorted(by: { $0.path < $1.path }) {
      let name = file.path.split(separator: "/").last ?? ""
      // Labels beside the photographs, `.DS_Store`, and the like are not photographs, and nobody thinks so.
      if name.hasPrefix(".") || name.lowercased().hasSuffix(".csv") { continue }
      let label = rule.label(of: file.path) ?? rule.label(of: place + file.path)
      let path = "\(root)/\(file.path)"
      if let reason = problem(path, file.size, acceptsAnyImage, maximumBytes) {
        skipped.append(.init(key: file.path, label: label, reason: reason))
      } else {
        files.append(LabeledFile(key: file.path, path: path, label: label, bytes: file.size))
      }
    }
    guard !files.isEmpty else {
      throw Refusal(
        "\(folder) contains no photograph"
          + (skipped.first.map { "; \($0.key): \($0.reason)" } ?? ""))
    }
    return (files, skipped)
  }

  /// `dogImages` itself: most of its photographs were trained on.
  private static func refuseSplits(_ files: [ListedFile], _ folder: String) throws {
    let nested = files.map { $0.path.split(separator: "/") }.filter { $0.count > 2 }
    let splits = try PhotographListing.splits(among: Set(nested.map { String($0[0]) }).sorted())
    guard splits.count > 1 else { return }
    let test = splits.first { $0.lowercased().hasPrefix("test") } ?? splits[0]
    throw Refusal(
      "\(folder) has the folders \(splits.joined(separator: ", ")): the model was trained on some of these photographs",
      advice: "Name one that it has not seen, for example \(folder)/\(test)")
  }

  private static func problem(
    _ path: String, _ size: Int, _ acceptsAnyImage: Bool, _ maximumBytes: Int
  ) -> String? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let file = FileHandle(forReadingAtPath: path)
    else { return "it cannot be read" }
    defer { try? file.close() }
    guard let start = try? file.read(upToCount: 64), !start.isEmpty else { return "it is empty" }
    guard let type = ImageFormat.mediaType(of: Array(start)) else { return "it is not an image" }
    guard acceptsAnyImage || ["image/jpeg", "image/png"].contains(type) else {
      return "the built-in model reads JPEG and PNG, not \(type)"
    }
    return size > maximumBytes
      ? "it has \(size) bytes; the function reads at most \(maximumBytes)" : nil
  }
}
