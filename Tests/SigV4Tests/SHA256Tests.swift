import SigV4
import Testing

struct SHA256Tests {
  /// Source: NIST FIPS 180-4 examples.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func digestsAreThoseOfTheStandard(text: String, digest: String) {
    #expect(SHA256.hexDigest(Array(text.utf8)) == digest)
  }

  @Test func piecesGiveTheDigestOfTheWhole() {
    let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let context = SHA256.Context()
    for start in stride(from: 0, to: bytes.count, by: 37) {
      context.update(Array(bytes[start..<min(start + 37, bytes.count)]))
    }
    #expect(context.finish() == SHA256.digest(bytes))
  }

  @Test func aContextIsUsedAgainAfterReset() {
    let context = SHA256.Context()
    context.update([1, 2, 3])
    context.reset()
    #expect(context.finish() == SHA256.digest([]))
    context.reset()
    context.update([])
    context.update([9])
    #expect(context.finish() == SHA256.digest([9]))
  }

  @Test func theHashOfNothingIsAConstant() {
    #expect(SHA256.hexDigest([]) == SHA256.emptyHexDigest)
    #expect(SHA256.byteCount == SHA256.digest([]).count)
  }
}
