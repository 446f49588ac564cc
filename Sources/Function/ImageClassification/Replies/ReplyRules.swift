import Platform

/// Settings for reading replies.
struct ReplyRules {
  /// More values are refused (`MAX_CLASSES`).
  let maximumClasses: Int
  /// Where the values stand (`REPLY_VALUES`); nil finds them by the reply's shape.
  let valuesPointer: JSONPointer?
  /// Where the labels stand (`REPLY_LABELS`).
  let labelsPointer: JSONPointer?
  /// Whether the index of one class is wanted, not numbers of all (`MODEL_OUTPUT=class-index`).
  let wantsClassIndex: Bool

  init(environment: Environment, _ output: ModelOutput) throws(ConfigurationError) {
    maximumClasses = try environment.integer("MAX_CLASSES", in: 2...1_000_000) ?? 50_000
    valuesPointer = try Self.pointer("REPLY_VALUES", environment)
    labelsPointer = try Self.pointer("REPLY_LABELS", environment)
    wantsClassIndex = output == .classIndex
  }

  /// Numbers, labels, and what is around them, in a reply with the maximum number of classes.
  var maximumValues: Int { 4 * maximumClasses + 1_000 }

  private static func pointer(
    _ variable: String, _ environment: Environment
  ) throws(ConfigurationError) -> JSONPointer? {
    guard let text = environment[variable] else { return nil }
    guard let pointer = JSONPointer(text) else {
      throw ConfigurationError(
        variable: variable,
        problem:
          "is \(text); it must be a JSON pointer (RFC 6901), for example /outputs/0/data or /results/*/score"
      )
    }
    return pointer
  }
}
