import SigV4
import Testing

struct SignerTests {
  static let credentials = AWSCredentials(
    accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
  static let time = SigningTime(unixSeconds: 1_699_041_916)  // 20231103T200516Z

  private func request(
    _ path: String = "/", headers: [HeaderField] = [], style: SigningStyle = .standard()
  ) -> SigningRequest {
    SigningRequest(
      method: "GET", path: path,
      headers: [HeaderField(name: "Host", value: "example.amazonaws.com")] + headers,
      payloadHash: .empty, style: style)
  }

  private func sign(
    _ request: SigningRequest, by signer: Signer = Signer(),
    credentials: AWSCredentials = credentials, region: String = "us-east-1",
    service: String = "lambda", time: SigningTime = time
  ) -> SignedRequest {
    signer.sign(
      request, credentials: credentials, region: region, service: service, time: time)
  }

  /// Source: botocore, recorded in the project's facts about SageMaker Runtime.
  @Test func invokeEndpointHasBotocoresSignature() {
    let request = SigningRequest(
      method: "POST", path: "/endpoints/pytorch-inference-2023-11-03-18-24-23-219/invocations",
      headers: [
        HeaderField(name: "Host", value: "runtime.sagemaker.us-east-1.amazonaws.com"),
        HeaderField(name: "Content-Type", value: "image/jpeg"),
        HeaderField(name: "Accept", value: "application/json"),
        HeaderField(name: "X-Amzn-SageMaker-Custom-Attributes", value: "trace=a b"),
      ], payloadHash: .of([0xFF, 0xD8, 0xFF, 0xD9]), style: .standard())
    let credentials = AWSCredentials(
      accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
      sessionToken: "TOKEN")
    let signed = sign(request, credentials: credentials, service: "sagemaker")
    #expect(
      signed.headers.last?.value == """
        AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20231103/us-east-1/sagemaker/aws4_request, \
        SignedHeaders=accept;content-type;host;x-amz-date;x-amz-security-token;\
        x-amzn-sagemaker-custom-attributes, \
        Signature=2018018b5ab95ee5b36e3c6a12e1e0886b3d4ef052e3d191d2fb83921c8ac53d
        """)
    #expect(!signed.headers.contains { $0.name.lowercased() == "x-amz-content-sha256" })
  }

  @Test func twoCredentialsOnOneDayDoNotShareAKey() {
    let signer = Signer()
    let others = [
      AWSCredentials(accessKeyID: "AKIDOTHER", secretAccessKey: "another secret"),
      AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "replaced secret"),
    ]
    for credentials in [Self.credentials] + others + [Self.credentials] {
      #expect(
        sign(request(), by: signer, credentials: credentials).signature
          == sign(request(), credentials: credentials).signature)
    }
  }

  @Test func keysOfOtherDaysRegionsAndServicesAreNotMixedUp() {
    let signer = Signer()
    for _ in 0..<2 {
      for region in ["us-east-1", "eu-central-1", "ap-south-1"] {
        for service in ["s3", "sagemaker", "lambda"] {
          for day: Int64 in 0..<3 {
            let time = SigningTime(unixSeconds: Self.time.unixSeconds + day * 86_400)
            #expect(
              sign(request(), by: signer, region: region, service: service, time: time).signature
                == sign(request(), region: region, service: service, time: time).signature)
          }
        }
      }
    }
  }

  @Test func aPathIsSentEncodedOnceAndSignedEncodedTwice() {
    let signed = sign(request("/functions/arn:aws:lambda:x:1:function:f/invocations"))
    #expect(signed.target == "/functions/arn%3Aaws%3Alambda%3Ax%3A1%3Afunction%3Af/invocations")
    #expect(signed.canonicalRequest.contains("/arn%253Aaws%253Alambda"))
  }

  @Test func aPathGivenAsSentIsNotEncodedForSending() {
    var request = request()
    request.path = .encoded(Array("/tags/arn%3Aaws%2Fx".utf8))
    let signed = sign(request)
    #expect(signed.target == "/tags/arn%3Aaws%2Fx")
    #expect(signed.canonicalRequest.contains("\n/tags/arn%253Aaws%252Fx\n"))
  }

  @Test func anS3KeyIsSignedAsSentAndNeverNormalised() {
    let signed = sign(request("//a/../b/./ü%20", style: .s3), service: "s3")
    #expect(signed.target == "//a/../b/./%C3%BC%2520")
    #expect(signed.canonicalRequest.hasPrefix("GET\n//a/../b/./%C3%BC%2520\n"))
  }

  @Test func aPathWithoutSlashInFrontGetsOne() {
    #expect(sign(request("")).target == "/")
    #expect(sign(request("key", style: .s3)).target == "/key")
  }

  @Test(arguments: [
    "User-Agent", "x-amzn-trace-id", "Expect", "Transfer-Encoding", "connection", "TE",
    "traceparent",
  ])
  func headersThatHopsChangeAreSentButNotSigned(name: String) {
    let signed = sign(request(headers: [HeaderField(name: name, value: "1")]))
    #expect(signed.headers.contains { $0.name == name })
    #expect(signed.signature == sign(request()).signature)
  }

  @Test func headersThatSigningSetsAreReplaced() {
    let stale = ["X-Amz-Date", "authorization", "x-amz-security-token", "X-AMZ-Content-SHA256"]
      .map { HeaderField(name: $0, value: "stale") }
    let signed = sign(request(headers: stale, style: .s3), service: "s3")
    #expect(!signed.headers.contains { $0.value == "stale" })
    #expect(signed.signature == sign(request(style: .s3), service: "s3").signature)
  }

  @Test func aPresignedURLLivesForOneSecondToSevenDays() {
    for (given, used) in [(-5, 1), (0, 1), (60, 60), (604_801, 604_800), (Int.max, 604_800)] {
      let target = Signer().presign(
        request("/key", style: .s3), credentials: Self.credentials, region: "us-east-1",
        service: "s3", time: Self.time, expiresInSeconds: given)
      #expect(target.contains("&X-Amz-Expires=\(used)&"))
    }
  }

  @Test func presigningAgainReplacesTheFormerSignature() {
    let signer = Signer()
    func presign(query: [(name: String, value: String)]) -> String {
      var request = request("/key", style: .s3)
      request.query = query
      return signer.presign(
        request, credentials: Self.credentials, region: "us-east-1", service: "s3",
        time: Self.time, expiresInSeconds: 60)
    }
    #expect(
      presign(query: [("X-Amz-Signature", "old"), ("X-Amz-Date", "old"), ("a", "b")])
        == presign(query: [("a", "b")]))
  }
}
