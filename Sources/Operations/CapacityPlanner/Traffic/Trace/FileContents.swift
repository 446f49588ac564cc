import Foundation

/// The bytes of a file, which may be a pipe: `plan <(zcat access.log.gz)`. `Data(contentsOf:)` alone reports a pipe as
/// a lack of permission.
enum FileContents {
  /// - Throws: Foundation's errors when the file cannot be read.
  static func read(_ url: URL) throws -> Data {
    let attributes = try FileManager.default.attributesOfItem(
      atPath: url.resolvingSymlinksInPath().path)
    let type = attributes[.type] as? FileAttributeType
    if type == .typeRegular || type == .typeDirectory {
      return try Data(contentsOf: url, options: .mappedIfSafe)
    }
    return try FileHandle(forReadingFrom: url).readToEnd() ?? Data()
  }
}
