import CLibcrypto
import Foundation
import LoopbackServer

/// What a client says of the bytes it uploads, held against the bytes that came.
struct UploadIntegrity {
  /// The checksum that the object keeps.
  let algorithm: ChecksumAlgorithm
  /// In base64.
  let value: String

  /// Verifies `Content-MD5` and the one `x-amz-checksum-` header there may be; without one, S3
  /// computes CRC-64/NVME by itself.
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

  /// `x-amz-sdk-checksum-algorithm` announces which checksum comes; it must come.
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
