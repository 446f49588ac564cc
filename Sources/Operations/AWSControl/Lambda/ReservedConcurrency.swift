/// A function's reserved concurrency.
package struct FunctionConcurrency: ResponseShape {
  /// Environments, 0 or more; nil when nothing is reserved.
  package let reserved: Int?

  /// Reads the field.
  package init(_ fields: ResponseFields) throws(MalformedResponse) {
    reserved = fields.optionalInteger("ReservedConcurrentExecutions")
  }
}

/// Reads a function's reserved concurrency.
///
/// `GET /2019-09-30/functions/{F}/concurrency`. Read only. Errors: `ResourceNotFoundException`,
/// `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConcurrency.html
package struct GetFunctionConcurrency: LambdaOperation, ReadOperation {
  /// The reservation.
  package typealias Output = FunctionConcurrency
  /// `GET`
  package static let method = "GET"
  /// The function.
  package let functionName: String

  /// A request.
  package init(functionName: String) { self.functionName = functionName }

  /// The path.
  package var path: OperationPath { "/2019-09-30/functions/\(functionName)/concurrency" }
}

/// Reserves concurrency for all versions of a function together: a ceiling and a guarantee.
///
/// `PUT /2017-10-31/functions/{F}/concurrency`. 0 throttles everything. 100 of the account always stay
/// unreserved. Idempotent. Errors: `InvalidParameterValueException` (too few would stay),
/// `ResourceNotFoundException`, `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html
package struct PutFunctionConcurrency: LambdaOperation, WriteOperation {
  /// The reservation.
  package typealias Output = FunctionConcurrency
  /// `PUT`
  package static let method = "PUT"
  /// The function.
  package let functionName: String
  /// Environments, 0 or more.
  package let reserved: Int

  /// A request; see the properties.
  package init(functionName: String, reserved: Int) {
    self.functionName = functionName
    self.reserved = reserved
  }

  /// The path.
  package var path: OperationPath { "/2017-10-31/functions/\(functionName)/concurrency" }
  /// The number.
  package var body: OperationInput? { ["ReservedConcurrentExecutions": reserved] }
}

/// Takes a function's reservation away.
///
/// `DELETE /2017-10-31/functions/{F}/concurrency`, 204. Idempotent. Errors:
/// `ResourceNotFoundException`, `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionConcurrency.html
package struct DeleteFunctionConcurrency: LambdaOperation, WriteOperation {
  /// Nothing.
  package typealias Output = Acknowledged
  /// `DELETE`
  package static let method = "DELETE"
  /// The function.
  package let functionName: String

  /// A request.
  package init(functionName: String) { self.functionName = functionName }

  /// The path.
  package var path: OperationPath { "/2017-10-31/functions/\(functionName)/concurrency" }
}

/// Reads the account's limits in this region.
///
/// `GET /2016-08-19/account-settings`. Read only. Errors: `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html
package struct GetAccountSettings: RESTOperation, ReadOperation {
  /// The limits.
  package struct Output: ResponseShape {
    /// Environments of the whole account; 1,000 by default, 10 in some new accounts.
    package let concurrentExecutions: Int
    /// What is not reserved for any function.
    package let unreservedConcurrentExecutions: Int

    /// Reads the fields.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      guard let limit = try fields.object("AccountLimit", as: Limit.self) else {
        throw MalformedResponse(field: "AccountLimit", problem: "is missing")
      }
      concurrentExecutions = limit.concurrent
      unreservedConcurrentExecutions = limit.unreserved
    }

    private struct Limit: ResponseShape {
      let concurrent: Int
      let unreserved: Int

      init(_ fields: ResponseFields) throws(MalformedResponse) {
        concurrent = try fields.integer("ConcurrentExecutions")
        unreserved = try fields.integer("UnreservedConcurrentExecutions")
      }
    }
  }

  /// Lambda.
  package static let service = ControlService.lambda
  /// `GET`
  package static let method = "GET"

  /// A request.
  package init() {}

  /// The whole account.
  package var subject: String { "" }
  /// The path.
  package var path: OperationPath { "/2016-08-19/account-settings" }
}
