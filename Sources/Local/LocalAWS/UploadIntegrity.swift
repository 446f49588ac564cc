import CLibcrypto
import Foundation
import LoopbackServer

/// Compares the client's checksums of an upload with the received bytes.
struct UploadIntegrity {
  /// The checksum stored with the object.
  let algorithm: ChecksumAlgorithm
  /// In base64.
  let value: String

  /// Verifies `Content-MD5` and at most one `x-amz-checksum-` header. Without one, S3 computes
  /// CRC-64/NVME.
  init(verifying request: ReceivedHTTPRequest) throws(S3Error) {
    try Self.verifyMD5(request)
    let given = ChecksumAlgorithm.allCases.filter { request.header($0.header) != nil }
    guard given.count <= 1 else {
      throw .invalidRequest(
        "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
    }
    try Self.verifyNamedAlgorithm(request, given.first)
    algorithm = given.first ?? .crc64nvme
    value = algorithm.base64(request.body)
    guard let claimed = request.header(algorithm.header) else { return }
    guard Data(base64Encoded: claimed)?.count == algorithm.byteCount else {
      throw .invalidRequest("Value for \(algorithm.header) header is invalid.")
    }
    guard claimed == value else {
      throw .badDigest(
        "The \(algorithm.rawValue.uppercased()) you specified did not match the calculated checksum."
      )
    }
  }

  private static func verifyMD5(_ request: ReceivedHTTPRequest) throws(S3Error) {
    guard let claimed = request.header("Content-MD5") else { return }
    guard let digest = Data(base64Encoded: claimed), digest.count == 16 else {
      throw S3Error(
        status: 400, code: "InvalidDigest", message: "The Content-MD5 you specified was invalid.",
        details: [("Content-MD5", claimed)])
    }
    let calculated = messageDigest(request.body, EVP_md5())
    guard digest.elementsEqual(calculated) else {
      throw .badDigest(
        "The Content-MD5 you specified did not match what we received.",
        [
          ("ExpectedDigest", hexadecimal(digest)), ("CalculatedDigest", hexadecimal(calculated)),
        ])
    }
  }

  /// The checksum announced by `x-amz-sdk-checksum-algorithm` must be present.
  private static func verifyNamedAlgorithm(
    _ request: ReceivedHTTPRequest, _ given: ChecksumAlgorithm?
  ) throws(S3Error) {
    let name = "x-amz-sdk-checksum-algorithm"
    guard let named = request.header(name) else { return }
    guard let given else {
      throw .invalidRequest(
        "\(name) specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found."
      )
    }
    guard named.lowercased() == given.rawValue else {
      throw .invalidRequest("Value for \(name) header is invalid.")
    }
  }
}

extension S3Error {
  fileprivate static func badDigest(
    _ message: String, _ details: [(String, String)] = []
  ) -> S3Error {
    S3Error(status: 400, code: "BadDigest", message: message, details: details)
  }
}
