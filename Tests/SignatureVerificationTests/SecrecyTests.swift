import SigV4
import SignatureVerification
import TestSupport
import Testing

/// Printed values never contain a secret or a token.
struct SecrecyTests {
  private let secret = "SECRETwJalrXUtnFEMI"
  private let token = "TOKENAQoDYXdzEPT"
  private let time = SigningTime(unixSeconds: 1_440_938_160)

  private func expectSilence(
    about value: some Any, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for text in printedForms(of: value) {
      #expect(!text.contains(secret), sourceLocation: sourceLocation)
      #expect(!text.contains(token), sourceLocation: sourceLocation)
    }
  }

  @Test func aVerifierAndItsRefusalsStayQuiet() {
    let credentials = AWSCredentials(
      accessKeyID: "AKIDEXAMPLE", secretAccessKey: secret, sessionToken: token)
    let verifier = SignatureVerifier { _ in credentials }
    expectSilence(about: verifier)
    let other = AWSCredentials(
      accessKeyID: "AKIDEXAMPLE", secretAccessKey: "other", sessionToken: token)
    let request = SigningRequest(
      method: "GET", path: "/key",
      headers: [
        HeaderField(name: "Host", value: "h"),
        HeaderField(name: "x-AMZ-security-token", value: token),
      ], payloadHash: .empty, style: .s3)
    let signed = Signer().sign(
      request, credentials: other, region: "us-east-1", service: "s3", time: time)
    for (target, region) in [(signed.target, "us-east-1"), ("/x?\(token)", "eu-west-1")] {
      let error = #expect(throws: SignatureError.self) {
        try verifier.verify(
          method: "GET", target: target, headers: signed.headers, body: [], service: "s3",
          region: region, at: time)
      }
      expectSilence(about: error as Any)
    }
  }
}
