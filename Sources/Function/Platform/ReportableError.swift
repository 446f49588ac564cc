/// A user-facing error that can be reported to Lambda.
///
/// `errorType` travels in `Lambda-Runtime-Function-Error-Type` and in the error report, in the form
/// `Category.Reason` (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html). `message`
/// states what failed, on which object or field, and what to do. It never contains a secret.
public protocol ReportableError: Error, CustomStringConvertible {
  /// `Category.Reason`, in letters, digits, and dots.
  var errorType: String { get }
  /// One or two sentences.
  var message: String { get }
}

extension ReportableError {
  /// The message, without the type.
  public var description: String { message }
}
