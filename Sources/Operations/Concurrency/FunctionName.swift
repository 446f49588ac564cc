/// A function's name from a name or an ARN.
enum FunctionName {
  /// `photo-classifier` of `photo-classifier`, of `123456789012:function:photo-classifier` and of
  /// an ARN, with or without a qualifier at its end. Metrics and scalable resources use it.
  static func bare(_ nameOrARN: String) -> String {
    let parts = nameOrARN.split(separator: ":", omittingEmptySubsequences: false)
    guard let marker = parts.firstIndex(of: "function"), marker + 1 < parts.count else {
      return nameOrARN
    }
    return String(parts[marker + 1])
  }
}
