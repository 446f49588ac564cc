/// The credentials that sign a request.
///
/// `description`, `dump`, and the output of a failed test never show the secret access key or the
/// session token, only the access key ID, which is sent in clear text.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/security-creds.html
public struct AWSCredentials: Sendable, Hashable {
  /// 16 to 128 letters and digits; sent in clear text with each request.
  public let accessKeyID: String
  /// Never sent.
  public let secretAccessKey: String
  /// Present for temporary credentials, such as those of a Lambda function; sent with each request.
  public let sessionToken: String?
  /// When temporary credentials expire, in seconds since 1970; nil when unknown. URLs presigned
  /// with them expire at the same time.
  public let expirationUnixSeconds: Int64?

  /// An empty session token counts as nil, as in the AWS SDKs.
  public init(
    accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil,
    expirationUnixSeconds: Int64? = nil
  ) {
    self.expirationUnixSeconds = expirationUnixSeconds
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken == "" ? nil : sessionToken
  }
}

extension AWSCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The access key ID, and whether there is a session token.
  public var description: String {
    let token = sessionToken == nil ? "no session token" : "session token hidden"
    return "AWSCredentials(\(accessKeyID), secret hidden, \(token))"
  }

  public var debugDescription: String { description }

  /// Shows only the access key ID.
  public var customMirror: Mirror {
    Mirror(self, children: ["accessKeyID": accessKeyID], displayStyle: .struct)
  }
}
