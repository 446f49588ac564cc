package struct FunctionConcurrency: ResponseShape {
  /// Environments, 0 or more; nil when nothing is reserved.
  package let reserved: Int?

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
  package typealias Output = FunctionConcurrency
  package static let method = "GET"
  package let functionName: String

  package init(functionName: String) { self.functionName = functionName }

  package var path: OperationPath { "/2019-09-30/functions/\(functionName)/concurrency" }
}

/// Reserves concurrency for all versions of a function together: a ceiling and a guarantee.
///
/// `PUT /2017-10-31/functions/{F}/concurrency`. 0 throttles everything. 100 of the account always
/// stay unreserved. Idempotent. Errors: `InvalidParameterValueException` (too few would stay
/// unreserved), `ResourceNotFoundException`, `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html
package struct PutFunctionConcurrency: LambdaOperation, WriteOperation {
  package typealias Output = FunctionConcurrency
  package static let method = "PUT"
  package static let isRepeatable = true
  package let functionName: String
  /// Environments, 0 or more.
  package let reserved: Int

  package init(functionName: String, reserved: Int) {
    self.functionName = functionName
    self.reserved = reserved
  }

  package var path: OperationPath { "/2017-10-31/functions/\(functionName)/concurrency" }
  package var body: OperationInput? { ["ReservedConcurrentExecutions": reserved] }
}

/// Deletes a function's reservation.
///
/// `DELETE /2017-10-31/functions/{F}/concurrency`, 204. Idempotent. Errors:
/// `ResourceNotFoundException`, `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionConcurrency.html
package struct DeleteFunctionConcurrency: LambdaOperation, WriteOperation {
  package typealias Output = Acknowledged
  package static let method = "DELETE"
  package static let isRepeatable = true
  package let functionName: String

  package init(functionName: String) { self.functionName = functionName }

  package var path: OperationPath { "/2017-10-31/functions/\(functionName)/concurrency" }
}

/// Reads the account's limits in this region.
///
/// `GET /2016-08-19/account-settings`. Read only. Errors: `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html
package struct GetAccountSettings: RESTOperation, ReadOperation {
  package struct Output: ResponseShape {
    /// Environments of the whole account; 1,000 by default, 10 in some new accounts.
    package let concurrentExecutions: Int
    /// Environments that are not reserved for any function.
    package let unreservedConcurrentExecutions: Int

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

  package static let service = ControlService.lambda
  package static let method = "GET"

  package init() {}

  package var subject: String { "" }
  package var path: OperationPath { "/2016-08-19/account-settings" }
}
