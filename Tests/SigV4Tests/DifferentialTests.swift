import Foundation
import SigV4
import Testing

/// The file that `.ci/checks/signature-differential.sh` has made, if it runs this.
private let casesPath = ProcessInfo.processInfo.environment["SIGNATURE_CASES"]

@Suite(.enabled(if: casesPath != nil, "SIGNATURE_CASES is not set: see .ci/checks"))
struct DifferentialTests {
  @Test func ourSignaturesAreThoseOfBotocoreAndAwscrt() throws {
    let text = try String(contentsOfFile: try #require(casesPath), encoding: .utf8)
    let signer = Signer()
    var agreed = 0
    for line in text.split(separator: "\n") {
      let signatureCase = try JSONDecoder().decode(SignatureCase.self, from: Data(line.utf8))
      try expectSameSignature(signatureCase, by: signer)
      try expectAcceptance(signatureCase)
      agreed += 1
    }
    print("signature-differential: \(agreed) requests checked")
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

  /// The verifier sees what botocore would have sent.
  private func expectAcceptance(_ signatureCase: SignatureCase) throws {
    let verifier = SignatureVerifier { _ in signatureCase.credentials }
    do {
      try verifier.verify(
        method: signatureCase.method, target: signatureCase.target,
        headers: signatureCase.receivedHeaders, body: Array(signatureCase.body),
        service: signatureCase.service, region: signatureCase.region,
        at: try #require(signatureCase.signingTime))
    } catch let error as SignatureError {
      Issue.record("\(signatureCase.name): \(error)")
      throw error
    }
  }
}
