import AWSClient
import JSON

extension AWSErrorCode {
  /// Lambda: no such function, version, or alias.
  package static let resourceNotFound = AWSErrorCode(rawValue: "ResourceNotFoundException")
  /// Application Auto Scaling: no such target, policy, or action.
  static let objectNotFound = AWSErrorCode(rawValue: "ObjectNotFoundException")
}

extension AWSError {
  /// SageMaker has no specific code for most missing resources.
  package var isNotFound: Bool {
    guard ["ValidationException", "ResourceNotFound"].contains(code.rawValue) else { return false }
    let text = detail.lowercased()
    return text.contains("could not find") || text.contains("not found")
      || text.contains("does not exist")
  }

  /// SageMaker: a resource of this name exists.
  var isAlreadyThere: Bool {
    guard ["ValidationException", "ResourceInUse"].contains(code.rawValue) else { return false }
    return detail.lowercased().contains("already exist")
  }
}

extension JSONValue {
  /// Whether another value has all of this one, and perhaps members that AWS added.
  func isContained(in other: JSONValue?) -> Bool {
    switch (self, other) {
    case (.object(let object), .some(let other)):
      object.members.allSatisfy { $0.value.isContained(in: other[$0.key]) }
    case (.array(let mine), .array(let others)?):
      mine.count == others.count && zip(mine, others).allSatisfy { $0.isContained(in: $1) }
    case (.number, .number?): doubleValue == other?.doubleValue
    default: self == other
    }
  }
}
