import Platform
import SigV4

/// What the calls of one invocation have in common; a class, because each call and each image keeps it.
public final class CallContext {
  /// The credentials to sign with, read afresh for each invocation; nil sends unsigned requests.
  public let credentials: AWSCredentials?
  /// Called when AWS refuses the credentials as expired; nil when there are no others.
  public var otherCredentials: (() -> AWSCredentials?)?
  /// When Lambda ends the invocation.
  public let deadline: Deadline
  /// Calls stop this long before the deadline, so that there is time to report what happened.
  public let reserveMilliseconds: Int64
  /// `X-Amzn-Trace-Id` for X-Ray; nil sends none.
  public let traceID: String?
  /// Where retries are logged, on the level `warn`.
  public let log: Log

  /// A context; see the properties.
  public init(
    credentials: AWSCredentials?, deadline: Deadline, reserveMilliseconds: Int64 = 50,
    traceID: String?, log: Log
  ) {
    self.credentials = credentials
    self.deadline = deadline
    self.reserveMilliseconds = reserveMilliseconds
    self.traceID = traceID
    self.log = log
  }
}

extension CallContext {
  /// How long the credentials are valid: at least 1 s, the shortest life of a presigned URL; `Int.max`
  /// when it is not known.
  public func credentialsSecondsLeft(on clock: Clock) -> Int {
    guard let end = credentials?.expirationUnixSeconds else { return .max }
    return max(1, Int(clamping: end.clampedSubtracting(clock.unixMilliseconds() / 1_000)))
  }
}

extension AWSCredentials {
  /// The credentials that Lambda puts into the environment.
  ///
  /// The expiration is read from `AWS_CREDENTIAL_EXPIRATION`, as `aws configure export-credentials` writes
  /// it and the AWS SDKs read it. Lambda does not set it for custom runtimes: the life of a session cannot
  /// be read from its token, and the container credentials of SnapStart, which have an expiration, do not
  /// exist for `provided.al2023`. An environment is replaced before its credentials expire.
  /// Sources: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime,
  /// https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html
  ///
  /// - Throws: `AWSError` with `.missingCredentials` naming the missing variable.
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
      sessionToken: environment["AWS_SESSION_TOKEN"],
      expirationUnixSeconds: environment["AWS_CREDENTIAL_EXPIRATION"]
        .flatMap { SigningTime(rfc3339: $0)?.unixSeconds })
  }
}
