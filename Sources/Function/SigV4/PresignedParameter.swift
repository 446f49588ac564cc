/// The query parameters of a presigned URL.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
package enum PresignedParameter {
  package static let algorithm = "X-Amz-Algorithm"
  package static let credential = "X-Amz-Credential"
  package static let date = "X-Amz-Date"
  package static let expires = "X-Amz-Expires"
  package static let signedHeaders = "X-Amz-SignedHeaders"
  package static let securityToken = "X-Amz-Security-Token"
  package static let signature = "X-Amz-Signature"

  /// Whether signing sets this parameter.
  static func isReserved(_ name: String) -> Bool {
    switch name {
    case algorithm, credential, date, expires, signedHeaders, securityToken, signature: true
    default: false
    }
  }
}
