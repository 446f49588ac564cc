import Glibc
import JSON
import Platform

/// The names of a model's classes: those of a file, else those that came with the reply, else the 133 breeds for
/// 133 values, else the index.
struct ClassLabels {
  /// In index order, escaped once for all answers; nil when `CLASS_LABELS` is not set.
  private let fromFile: JSONStrings?
  private static let breeds = JSONStrings(dogBreeds)
  private static let maximumFileBytes = 1 << 20

  /// Reads the file that `CLASS_LABELS` names, one label per line.
  ///
  /// - Throws: `ConfigurationError` when it cannot be read, is not UTF-8, larger than 1 MiB, or has
  ///   an empty line before its end.
  init(environment: Environment) throws(ConfigurationError) {
    let lines = try environment["CLASS_LABELS"].map(Self.read)
    fromFile = lines.map(JSONStrings.init)
  }

  /// The names for a reply's probabilities.
  ///
  /// A file names classes by index, also those of a list by labels whose labels are indices; names that came in such
  /// a list stay.
  ///
  /// - Throws: `ReplyError` that names both counts when a label file, or the labels of the reply, are not one for each
  ///   class.
  func names(
    for reply: EndpointReply, _ interpretation: Interpretation
  ) throws(ReplyError) -> ClassNames {
    let count = interpretation.probabilities.count
    if let index = interpretation.classIndex {
      guard let fromFile else { return .indices }
      guard index < fromFile.texts.count else { throw Self.outside(index, fromFile.texts.count) }
      return .list(fromFile)
    }
    if case .listed(let labels) = reply.labels {
      if interpretation.requiresAllClasses, fromFile?.texts.count != count {
        throw ReplyError(
          "LabelCount",
          "the endpoint's reply lists \(count) classes with logits, and softmax requires all classes: CLASS_LABELS, which proves how many there are, "
            + (fromFile.map { "has \($0.texts.count) labels" } ?? "is not set"))
      }
      guard let fromFile else { return .listed(labels, nil) }
      for label in labels {
        if let index = label.index, index >= fromFile.texts.count {
          throw Self.outside(index, fromFile.texts.count)
        }
      }
      return .listed(labels, fromFile)
    }
    if let fromFile {
      guard fromFile.texts.count == count else {
        throw ReplyError(
          "LabelCount",
          "the endpoint returned \(count) values, but CLASS_LABELS has \(fromFile.texts.count) labels"
        )
      }
      return .list(fromFile)
    }
    switch reply.labels {
    case .elements(let labels):
      let found = labels.elementCount ?? 0
      guard found == count else { throw .labelCount(values: count, labels: found) }
      return .elements(labels)
    case .texts(let texts):
      guard texts.count == count else { throw .labelCount(values: count, labels: texts.count) }
      return .texts(texts)
    case .none, .listed: return count == Self.breeds.texts.count ? .list(Self.breeds) : .indices
    }
  }

  private static func outside(_ index: Int, _ count: Int) -> ReplyError {
    ReplyError(
      "LabelCount",
      "the endpoint's reply names the class of index \(index), but CLASS_LABELS has \(count) labels"
    )
  }

  private static func read(_ path: String) throws(ConfigurationError) -> [String] {
    func failure(_ problem: String) -> ConfigurationError {
      ConfigurationError(variable: "CLASS_LABELS", problem: "names \(path), which \(problem)")
    }
    guard let bytes = readFile(path) else {
      throw failure("cannot be read: \(unsafe String(cString: strerror(errno)))")
    }
    guard bytes.count <= maximumFileBytes else { throw failure("is larger than 1 MiB") }
    // A byte order mark, which editors of Windows write, is not part of the first name.
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let content = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
    guard let text = String(validating: content, as: UTF8.self) else {
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

/// The names of one reply's classes, made when they are asked for.
enum ClassNames {
  case list(JSONStrings)
  case indices
  case elements(JSONNode)
  case texts([String])
  /// Names that came beside their values; of those that are indices the names in the list, if there is one.
  case listed([ListedLabel], JSONStrings?)

  /// The names of these classes, and the classes with the indices of their names.
  func table(for classes: [IndexedNumber]) -> (names: JSONStrings, classes: [IndexedNumber]) {
    // The usual case, without a copy of any name.
    if case .list(let names) = self { return (names, classes) }
    return (
      JSONStrings(classes.map { self[$0.index] }),
      classes.indices.map { IndexedNumber(index: $0, number: classes[$0].number) }
    )
  }

  /// The name of the value at a position.
  subscript(position: Int) -> String {
    switch self {
    case .list(let names): names.texts[position]
    case .indices: String(position)
    case .elements(let labels): labels.element(position)?.label ?? ""
    case .texts(let texts): texts[position]
    case .listed(let labels, let names):
      if let names, let index = labels[position].index {
        names.texts[index]
      } else {
        labels[position].text
      }
    }
  }
}
