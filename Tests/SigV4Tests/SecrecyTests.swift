import SigV4
import Testing

/// No print-out of any kind shows a secret or a token.
struct SecrecyTests {
  static let secret = "SECRETwJalrXUtnFEMI"
  static let token = "TOKENAQoDYXdzEPT"
  static let credentials = AWSCredentials(
    accessKeyID: "AKIDEXAMPLE", secretAccessKey: secret, sessionToken: token)
  static let time = SigningTime(unixSeconds: 1_440_938_160)

  private func expectSilence(
    about value: some Any, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var dumped = ""
    dump(value, to: &dumped)
    let printed = [
      String(describing: value), String(reflecting: value), "\(value)", "\([value])",
      "\(Optional.some(value) as Any)", dumped,
    ]
    for text in printed {
      #expect(!text.contains(Self.secret), sourceLocation: sourceLocation)
      #expect(!text.contains(Self.token), sourceLocation: sourceLocation)
    }
    for child in Mirror(reflecting: value).children {
      let text = String(reflecting: child.value)
      #expect(!text.contains(Self.secret) && !text.contains(Self.token))
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

  @Test func aVerifierAndItsRefusalsStayQuiet() {
    let verifier = SignatureVerifier { _ in Self.credentials }
    expectSilence(about: verifier)
    let other = AWSCredentials(
      accessKeyID: "AKIDEXAMPLE", secretAccessKey: "other", sessionToken: Self.token)
    let signed = Signer().sign(
      request, credentials: other, region: "us-east-1", service: "s3", time: Self.time)
    for (target, region) in [(signed.target, "us-east-1"), ("/x?\(Self.token)", "eu-west-1")] {
      let error = #expect(throws: SignatureError.self) {
        try verifier.verify(
          method: "GET", target: target, headers: signed.headers, body: [], service: "s3",
          region: region, at: Self.time)
      }
      expectSilence(about: error as Any)
    }
  }
}
