import SigV4
import TestSupport
import Testing

@Suite(.enabled(if: SignatureCase.randomPath != nil, "SIGNATURE_CASES is not set: see .ci/checks"))
struct DifferentialTests {
  @Test func ourSignaturesAreThoseOfBotocoreAndAwscrt() throws {
    let signer = Signer()
    let cases = try SignatureCase.random()
    for signatureCase in cases { try expectSameSignature(signatureCase, by: signer) }
    print("signature-differential: \(cases.count) signatures checked")
  }

  private func expectSameSignature(_ signatureCase: SignatureCase, by signer: Signer) throws {
    let time = try #require(signatureCase.signingTime)
    switch signatureCase.form {
    case .header:
      let signed = signer.sign(
        signatureCase.request, credentials: signatureCase.credentials,
        region: signatureCase.region, service: signatureCase.service, time: time)
      try #require(
        signed.canonicalRequest == signatureCase.canonicalRequest, "\(signatureCase.name)")
      try #require(signed.signature == signatureCase.signature, "\(signatureCase.name)")
    case .presigned:
      let target = signer.presign(
        signatureCase.request, credentials: signatureCase.credentials,
        region: signatureCase.region, service: signatureCase.service, time: time,
        expiresInSeconds: signatureCase.expires)
      try #require(
        target.hasSuffix("&X-Amz-Signature=\(signatureCase.signature)"), "\(signatureCase.name)")
    }
  }
}
