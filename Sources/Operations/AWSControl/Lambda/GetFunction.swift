/// Reads a function with its tags and its reserved concurrency.
///
/// `GET /2015-03-31/functions/{F}?Qualifier=Q`. Tags belong to the function, not to a version;
/// without the permission `lambda:ListTags` they are left out. Read only. Errors:
/// `ResourceNotFoundException`, `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
package struct GetFunction: LambdaOperation, ReadOperation {
  package struct Output: ResponseShape {
    package let configuration: FunctionConfiguration
    /// The function's tags; a CloudFormation stack's functions have
    /// `aws:cloudformation:stack-name`.
    package let tags: [String: String]
    /// Reserved concurrency; nil when there is none.
    package let reservedConcurrentExecutions: Int?

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      guard let configuration = try fields.object("Configuration", as: FunctionConfiguration.self)
      else { throw MalformedResponse(field: "Configuration", problem: "is missing") }
      self.configuration = configuration
      tags = fields.stringMap("Tags")
      reservedConcurrentExecutions = try fields.object(
        "Concurrency", as: FunctionConcurrency.self)?.reserved
    }
  }

  package static let method = "GET"
  package let functionName: String
  /// A version or an alias; nil is `$LATEST`.
  package let qualifier: String?

  package init(functionName: String, qualifier: String? = nil) {
    self.functionName = functionName
    self.qualifier = qualifier
  }

  package var path: OperationPath { "/2015-03-31/functions/\(functionName)" }
  package var query: [(name: String, value: String?)] { [("Qualifier", qualifier)] }
}
