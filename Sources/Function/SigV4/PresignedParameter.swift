/// The query parameters of a presigned URL.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
enum PresignedParameter {
  static let algorithm = "X-Amz-Algorithm"
  static let credential = "X-Amz-Credential"
  static let date = "X-Amz-Date"
  static let expires = "X-Amz-Expires"
  static let signedHeaders = "X-Amz-SignedHeaders"
  static let securityToken = "X-Amz-Security-Token"
  static let signature = "X-Amz-Signature"

  /// Whether signing itself sets this parameter.
  static func isReserved(_ name: String) -> Bool {
    switch name {
    case algorithm, credential, date, expires, signedHeaders, securityToken, signature: true
    default: false
    }
  }
}
