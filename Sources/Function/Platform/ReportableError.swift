/// An error that can be told to a person and to Lambda.
///
/// `errorType` travels in `Lambda-Runtime-Function-Error-Type` and in the error report, in the form
/// `Category.Reason` (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
/// `message` says what failed, on which object or field, and what to do; it never holds a secret.
public protocol ReportableError: Error, CustomStringConvertible {
  /// The type, `Category.Reason`, of letters, digits and dots.
  var errorType: String { get }
  /// One or two sentences for a person.
  var message: String { get }
}

extension ReportableError {
  /// The message alone.
  public var description: String { message }
}
