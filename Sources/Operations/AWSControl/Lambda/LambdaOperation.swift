/// An operation of Lambda about one function.
///
/// A function is named by its name (1 to 64 letters, digits, `-` and `_`), by its ARN, or by
/// `ACCOUNT:function:NAME`. A qualifier is `$LATEST`, a version's number or an alias's name.
package protocol LambdaOperation: RESTOperation {
  var functionName: String { get }
}

extension LambdaOperation {
  package static var service: ControlService { .lambda }
  package var subject: String { functionName }
}
