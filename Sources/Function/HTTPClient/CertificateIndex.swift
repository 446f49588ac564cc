import CLibssl
import Glibc
import Platform

/// A certificate of which only the subject has been read. The lock of the `CertificateStore` guards it.
@safe final class IndexedCertificate: @unchecked Sendable {
  /// An `X509_NAME`.
  let subject: OpaquePointer
  private let encoded: [UInt8]
  /// An `X509`; nil until `decode`.
  private var decoded: OpaquePointer?

  /// - Returns: nil for what does not begin as a certificate does.
  init?(encoded: [UInt8]) {
    let subject = unsafe encoded.withUnsafeBufferPointer { unsafe Self.subject(of: $0) }
    guard let subject = unsafe subject else { return nil }
    unsafe self.subject = subject
    self.encoded = encoded
  }

  deinit {
    unsafe X509_NAME_free(subject)
    unsafe X509_free(decoded)
  }

  /// The whole certificate; nil when it is malformed. The index keeps it.
  func decode() -> OpaquePointer? {
    if unsafe decoded == nil {
      // The verification of a chain must not end with the error of a certificate that is not in it.
      _ = ERR_set_mark()
      unsafe decoded = encoded.withUnsafeBufferPointer { bytes in
        var position = bytes.baseAddress
        return unsafe d2i_X509(nil, &position, bytes.count)
      }
      _ = ERR_pop_to_mark()
    }
    return unsafe decoded
  }

  /// Walks over what precedes the subject: RFC 5280, section 4.1.
  private static func subject(of certificate: UnsafeBufferPointer<UInt8>) -> OpaquePointer? {
    var reader = unsafe DERReader(certificate)
    guard reader.enter(V_ASN1_SEQUENCE), reader.enter(V_ASN1_SEQUENCE) else { return nil }
    // The version, which the first version of certificates has not.
    if reader.isAtContextTag, !reader.skip(0) { return nil }
    // Serial number, algorithm, issuer, validity.
    for tag in [V_ASN1_INTEGER, V_ASN1_SEQUENCE, V_ASN1_SEQUENCE, V_ASN1_SEQUENCE] {
      guard reader.skip(tag) else { return nil }
    }
    let count = reader.count
    return unsafe d2i_X509_NAME(nil, &reader.position, count)
  }
}

/// A position within DER.
@safe private struct DERReader {
  var position: UnsafePointer<UInt8>?
  private let end: UnsafePointer<UInt8>?

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    unsafe position = bytes.baseAddress
    unsafe end = bytes.baseAddress.map { unsafe $0 + bytes.count }
  }

  /// Bytes that are left.
  var count: Int {
    unsafe position.flatMap { position in unsafe end.map { unsafe $0 - position } } ?? 0
  }

  /// Whether the next element is the optional one with the number 0.
  var isAtContextTag: Bool { unsafe count > 0 && position?.pointee == 0xA0 }

  /// Goes to the content of the next element.
  mutating func enter(_ tag: Int32) -> Bool { length(of: tag) != nil }

  /// Goes behind the next element.
  mutating func skip(_ tag: Int32) -> Bool {
    guard let length = length(of: tag) else { return false }
    unsafe position? += length
    return true
  }

  /// Goes to the content of the next element, which is within the bytes.
  private mutating func length(of expected: Int32) -> Int? {
    var (length, tag, tagClass) = (0, Int32(0), Int32(0))
    let count = count
    // 0x80 is an error, 1 an indefinite length.
    let form = unsafe ASN1_get_object(&position, &length, &tag, &tagClass, count)
    return form & 0x81 == 0 && tag == expected ? length : nil
  }
}

/// Reads certificates in PEM form.
enum CertificateIndex {
  private static let begin: StaticString = "-----BEGIN CERTIFICATE-----"
  private static let end: StaticString = "-----END CERTIFICATE-----"

  /// The certificates of a source; nil when it cannot be read or holds anything but plain certificates, such as a
  /// revocation list.
  static func certificates(of source: TrustStore.Source) -> [IndexedCertificate]? {
    switch source {
    case .amazonTrustServices:
      unsafe certificates(
        inPEM: UnsafeRawBufferPointer(
          start: amazonTrustRoots.utf8Start, count: amazonTrustRoots.utf8CodeUnitCount))
    case .pem(let bytes): unsafe bytes.withUnsafeBytes { unsafe certificates(inPEM: $0) }
    case .file(let path):
      contents(of: path).flatMap { bytes in
        unsafe bytes.withUnsafeBytes { unsafe certificates(inPEM: $0) }
      }
    }
  }

  private static func certificates(inPEM text: UnsafeRawBufferPointer) -> [IndexedCertificate]? {
    var found: [IndexedCertificate] = []
    var rest = unsafe text[...]
    while let start = unsafe offset(of: "-----BEGIN ", in: rest) {
      // As OpenSSL reads it: a line that only contains the words does not begin a certificate.
      guard unsafe start == text.startIndex || text[start - 1] == UInt8(ascii: "\n"),
        unsafe offset(of: begin, in: rest) == start
      else { return nil }
      let body = unsafe rest[(start + begin.utf8CodeUnitCount)...]
      guard let stop = unsafe offset(of: end, in: body),
        let encoded = unsafe decodedBase64(body[..<stop]),
        let certificate = IndexedCertificate(encoded: encoded)
      else { return nil }
      found.append(certificate)
      unsafe rest = rest[(stop + end.utf8CodeUnitCount)...]
    }
    return found.isEmpty ? nil : found
  }

  /// Where words that begin with a hyphen are.
  private static func offset(
    of words: StaticString, in bytes: Slice<UnsafeRawBufferPointer>
  ) -> Int? {
    var rest = unsafe UnsafeRawBufferPointer(rebasing: bytes)
    while let hyphen = unsafe rest.firstIndex(ofByte: UInt8(ascii: "-")) {
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest[hyphen...])
      guard let start = rest.baseAddress, rest.count >= words.utf8CodeUnitCount else { return nil }
      if unsafe memcmp(start, words.utf8Start, words.utf8CodeUnitCount) == 0 {
        return unsafe bytes.endIndex - rest.count
      }
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
    }
    return nil
  }

  private static func decodedBase64(_ text: Slice<UnsafeRawBufferPointer>) -> [UInt8]? {
    // Of an array without room, all threads share one object, whose count would be written.
    if unsafe text.isEmpty { return [] }
    guard let context = unsafe EVP_ENCODE_CTX_new() else { return nil }
    defer { unsafe EVP_ENCODE_CTX_free(context) }
    unsafe EVP_DecodeInit(context)
    var isValid = false
    let decoded = unsafe [UInt8](unsafeUninitializedCapacity: text.count) { buffer, count in
      let input = unsafe UnsafeRawBufferPointer(rebasing: text).bindMemory(to: UInt8.self)
      var (most, last): (Int32, Int32) = (0, 0)
      unsafe isValid =
        EVP_DecodeUpdate(
          context, buffer.baseAddress, &most, input.baseAddress, Int32(clamping: input.count)) >= 0
        && EVP_DecodeFinal(context, buffer.baseAddress.map { unsafe $0 + Int(most) }, &last) == 1
      count = isValid ? Int(most + last) : 0
    }
    return isValid ? decoded : nil
  }

  private static func contents(of path: String) -> [UInt8]? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    // Larger than any bundle; a pipe has no size.
    guard unsafe fstat(file, &status) == 0, 1...8_388_608 ~= status.st_size else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var count = 0
    while count < bytes.count {
      let received = unsafe bytes.withUnsafeMutableBytes {
        unsafe read(file, $0.baseAddress.map { unsafe $0 + count }, $0.count - count)
      }
      guard received > 0 else { return nil }
      count += received
    }
    return bytes
  }
}
