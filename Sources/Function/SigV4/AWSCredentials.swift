/// The keys a request is signed with.
///
/// The secret access key and the session token never leave this type through `description`, `dump`
/// or a failed test's print-out: only the access key id, which is sent in clear anyway, is shown.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/security-creds.html
public struct AWSCredentials: Sendable, Hashable {
  /// 16 to 128 letters and digits, sent in clear with each request.
  public let accessKeyID: String
  /// The secret half; it is never sent.
  public let secretAccessKey: String
  /// Present for temporary credentials, such as a Lambda function's; sent with each request.
  public let sessionToken: String?
  /// When temporary credentials end, in seconds since 1970; nil when nobody said. What is presigned with
  /// them ends then, too.
  public let expirationUnixSeconds: Int64?

  /// An empty session token counts as none, as in the AWS SDKs.
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
  /// The access key id, and whether a session token is there.
  public var description: String {
    let token = sessionToken == nil ? "no session token" : "session token hidden"
    return "AWSCredentials(\(accessKeyID), secret hidden, \(token))"
  }

  /// The same as `description`.
  public var debugDescription: String { description }

  /// Shows the access key id only.
  public var customMirror: Mirror {
    Mirror(self, children: ["accessKeyID": accessKeyID], displayStyle: .struct)
  }
}
