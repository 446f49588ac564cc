import SigV4
import TestSupport
import Testing

/// Printed values never contain a secret or a token.
struct SecrecyTests {
  static let secret = "SECRETwJalrXUtnFEMI"
  static let token = "TOKENAQoDYXdzEPT"
  static let credentials = AWSCredentials(
    accessKeyID: "AKIDEXAMPLE", secretAccessKey: secret, sessionToken: token)
  static let time = SigningTime(unixSeconds: 1_440_938_160)

  private func expectSilence(
    about value: some Any, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for text in printedForms(of: value) {
      #expect(!text.contains(Self.secret), sourceLocation: sourceLocation)
      #expect(!text.contains(Self.token), sourceLocation: sourceLocation)
    }
  }

  private var request: SigningRequest {
    SigningRequest(
      method: "GET", path: "/key",
      headers: [
        HeaderField(name: "Host", value: "h"),
        HeaderField(name: "x-AMZ-security-token", value: Self.token),
      ], payloadHash: .empty, style: .s3)
  }

  @Test func credentialsShowOnlyTheAccessKeyID() {
    expectSilence(about: Self.credentials)
    #expect("\(Self.credentials)".contains("AKIDEXAMPLE"))
  }

  @Test func headersHideTokenAndAuthorization() {
    expectSilence(about: request)
    let authorization = HeaderField(name: "Authorization", value: Self.secret)
    expectSilence(about: authorization)
    #expect("\(HeaderField(name: "Host", value: "h"))" == "Host: h")
  }

  @Test func aSignerAndItsResultStayQuiet() {
    let signer = Signer()
    let signed = signer.sign(
      request, credentials: Self.credentials, region: "us-east-1", service: "s3", time: Self.time)
    #expect(signed.canonicalRequest.contains(Self.token))
    expectSilence(about: signed)
    expectSilence(about: signer)
  }
}
