import Platform
import SigV4

/// What the calls of one invocation have in common.
public struct CallContext: Sendable {
  /// Whose calls they are, read afresh for each invocation.
  public let credentials: AWSCredentials
  /// When Lambda ends the invocation.
  public let deadline: Deadline
  /// Calls stop this long before the deadline, so that there is time to report what happened.
  public let reserveMilliseconds: Int64
  /// `X-Amzn-Trace-Id` for X-Ray; nil sends none.
  public let traceID: String?
  /// Where retries are told, on the level `warn`.
  public let log: Log

  /// A context; see the properties.
  public init(
    credentials: AWSCredentials, deadline: Deadline, reserveMilliseconds: Int64 = 50,
    traceID: String?, log: Log
  ) {
    self.credentials = credentials
    self.deadline = deadline
    self.reserveMilliseconds = reserveMilliseconds
    self.traceID = traceID
    self.log = log
  }
}

extension AWSCredentials {
  /// The credentials that Lambda puts into the environment.
  ///
  /// - Throws: `AWSError` with `.missingCredentials` naming the variable that is not there.
  public init(environment: Environment) throws(AWSError) {
    func value(_ name: String) throws(AWSError) -> String {
      guard let value = environment[name] else {
        throw AWSError(
          operation: "reading credentials", service: "AWS", code: .missingCredentials,
          detail: "\(name) is not set in the environment")
      }
      return value
    }
    self.init(
      accessKeyID: try value("AWS_ACCESS_KEY_ID"),
      secretAccessKey: try value("AWS_SECRET_ACCESS_KEY"),
      sessionToken: environment["AWS_SESSION_TOKEN"])
  }
}
