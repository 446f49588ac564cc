import Glibc
import JSON
import Platform

/// The names of a model's classes, in index order, escaped once for all answers.
struct ClassLabels {
  /// Nil when `CLASS_LABELS` is not set.
  private let fromFile: [JSONString]?
  private static let breeds = dogBreeds.map(JSONString.init)
  private static let maximumFileBytes = 1 << 20

  /// Reads the file that `CLASS_LABELS` names, a label a line.
  ///
  /// - Throws: `ConfigurationError` when it cannot be read, is not UTF-8, larger than 1 MiB, or has
  ///   an empty line before its end.
  init(environment: Environment) throws(ConfigurationError) {
    let lines = try environment["CLASS_LABELS"].map(Self.read)
    fromFile = lines.map { $0.map(JSONString.init) }
  }

  /// The label of every value: those of the file, else those that came with the reply, else the 133
  /// breeds for 133 values, else the index.
  ///
  /// - Throws: `ReplyError` when a label file has another number of lines.
  func labels(for reply: EndpointReply) throws(ReplyError) -> [JSONString] {
    let count = reply.values.count
    if let fromFile {
      guard fromFile.count == count else {
        throw ReplyError(
          reason: "LabelCount",
          message: "the endpoint returned \(count) values, but CLASS_LABELS has "
            + "\(fromFile.count) labels")
      }
      return fromFile
    }
    if let labels = reply.labels { return labels.map(JSONString.init) }
    return count == Self.breeds.count ? Self.breeds : (0..<count).map { JSONString(String($0)) }
  }

  private static func read(_ path: String) throws(ConfigurationError) -> [String] {
    func failure(_ problem: String) -> ConfigurationError {
      ConfigurationError(variable: "CLASS_LABELS", problem: "names \(path), which \(problem)")
    }
    guard let bytes = readFile(path) else {
      throw failure("cannot be read: \(unsafe String(cString: strerror(errno)))")
    }
    guard bytes.count <= maximumFileBytes else { throw failure("is larger than 1 MiB") }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw failure("is not UTF-8 text")
    }
    // A line break after a carriage return is one Character, so this also splits Windows' lines.
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map(String.init)
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard !lines.isEmpty else { throw failure("has no label") }
    if let index = lines.firstIndex(of: "") { throw failure("has an empty line \(index + 1)") }
    return lines
  }

  private static func readFile(_ path: String) -> [UInt8]? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { _ = close(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= maximumFileBytes {
      let count = unsafe part.withUnsafeMutableBytes {
        unsafe Glibc.read(file, $0.baseAddress, $0.count)
      }
      if count == 0 { return bytes }
      if count > 0 {
        bytes += part[..<count]
      } else if errno != EINTR {
        return nil
      }
    }
    return bytes
  }
}
