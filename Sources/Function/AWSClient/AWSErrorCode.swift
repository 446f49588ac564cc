/// AWS's own code of an error, as `NoSuchKey`. Open, because AWS adds codes.
public struct AWSErrorCode: RawRepresentable, Hashable, Sendable {
  /// The code as AWS spells it.
  public let rawValue: String

  /// Any code.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// Not allowed by a policy (S3).
  public static let accessDenied = Self(rawValue: "AccessDenied")
  /// Not allowed by a policy (SageMaker).
  public static let accessDeniedException = Self(rawValue: "AccessDeniedException")
  /// The session token has expired (S3).
  public static let expiredToken = Self(rawValue: "ExpiredToken")
  /// The session token has expired (SageMaker).
  public static let expiredTokenException = Self(rawValue: "ExpiredTokenException")
  /// The signature does not match the request and the secret (S3).
  public static let signatureDoesNotMatch = Self(rawValue: "SignatureDoesNotMatch")
  /// The signature does not match the request and the secret (SageMaker).
  public static let invalidSignature = Self(rawValue: "InvalidSignatureException")
  /// The bucket has no such key.
  public static let noSuchKey = Self(rawValue: "NoSuchKey")
  /// The bucket has no such version of the key.
  public static let noSuchVersion = Self(rawValue: "NoSuchVersion")
  /// There is no such bucket.
  public static let noSuchBucket = Self(rawValue: "NoSuchBucket")
  /// The bucket is in another region.
  public static let permanentRedirect = Self(rawValue: "PermanentRedirect")
  /// The request rate is too high for the bucket's partition.
  public static let slowDown = Self(rawValue: "SlowDown")
  /// S3 failed.
  public static let internalError = Self(rawValue: "InternalError")
  /// S3 waited for the request's bytes too long.
  public static let requestTimeout = Self(rawValue: "RequestTimeout")
  /// The model's container answered with an error.
  public static let modelError = Self(rawValue: "ModelError")
  /// The model is still being loaded.
  public static let modelNotReady = Self(rawValue: "ModelNotReadyException")
  /// Too many requests.
  public static let throttling = Self(rawValue: "ThrottlingException")
  /// SageMaker failed.
  public static let internalFailure = Self(rawValue: "InternalFailure")
  /// The service cannot take the request now.
  public static let serviceUnavailable = Self(rawValue: "ServiceUnavailable")
  /// A service behind SageMaker failed.
  public static let internalDependency = Self(rawValue: "InternalDependencyException")
  /// The request is wrong, or the endpoint does not exist.
  public static let validationError = Self(rawValue: "ValidationError")

  /// The condition of a write did not hold.
  public static let preconditionFailed = Self(rawValue: "PreconditionFailed")

  /// Found by this library: no credentials in the environment.
  public static let missingCredentials = Self(rawValue: "MissingCredentials")
  /// Found by this library: no answer in the time that the invocation had.
  public static let timedOut = Self(rawValue: "TimedOut")
  /// Found by this library: no connection, or it broke.
  public static let connection = Self(rawValue: "Connection")
  /// Found by this library: the proxy refused the connection.
  public static let proxy = Self(rawValue: "Proxy")
  /// Found by this library: the certificate was refused, or no common version or cipher was found.
  public static let tls = Self(rawValue: "TLS")
  /// Found by this library: the body is larger than allowed.
  public static let bodyTooLarge = Self(rawValue: "BodyTooLarge")
  /// Found by this library: the answer is not what the service's contract says.
  public static let malformedResponse = Self(rawValue: "MalformedResponse")
}
