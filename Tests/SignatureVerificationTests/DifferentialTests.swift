import SigV4
import SignatureVerification
import TestSupport
import Testing

@Suite(.enabled(if: SignatureCase.randomPath != nil, "SIGNATURE_CASES is not set: see .ci/checks"))
struct DifferentialTests {
  @Test func whatBotocoreWouldSendIsAccepted() throws {
    let cases = try SignatureCase.random()
    for signatureCase in cases { try expectAcceptance(signatureCase) }
    print("signature-differential: \(cases.count) requests accepted")
  }

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
