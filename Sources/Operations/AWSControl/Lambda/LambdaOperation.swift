/// An operation of Lambda about one function.
///
/// A function is named by its name (1 to 64 letters, digits, `-` and `_`), by its ARN, or by
/// `ACCOUNT:function:NAME`. A qualifier is `$LATEST`, a version's number or an alias's name.
public protocol LambdaOperation: RESTOperation {
  /// The function.
  var functionName: String { get }
}

extension LambdaOperation {
  /// Lambda.
  public static var service: ControlService { .lambda }
  /// The function.
  public var subject: String { functionName }
}
