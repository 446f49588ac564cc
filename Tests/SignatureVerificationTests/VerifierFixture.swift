import SigV4
import SignatureVerification

/// A signed request that a test modifies before verification.
struct VerifierFixture {
  static let credentials = AWSCredentials(
    accessKeyID: "ASIAEXAMPLE", secretAccessKey: "the right secret", sessionToken: "token+/=")
  static let signedAt = SigningTime(unixSeconds: 1_699_041_916)

  let service: String
  var method = "POST"
  var target: String
  var headers: [HeaderField]
  var body = Array("body".utf8)
  var now = signedAt
  var region = "eu-central-1"
  var known = credentials

  /// - Parameter edit: modifies the request before signing.
  init(
    _ service: String, presigned: Bool = false, credentials: AWSCredentials = credentials,
    signedFor: (region: String, service: String)? = nil, expiresInSeconds: Int = 60,
    edit: (inout SigningRequest) -> Void = { _ in }
  ) {
    self.service = service
    var request = SigningRequest(
      method: method, path: "/a b/ü:1", query: [("versionId", "a/b"), ("a", "")],
      headers: [
        HeaderField(name: "Host", value: "127.0.0.1:8080"),
        HeaderField(name: "X-Amz-Meta-Note", value: "  a   b "),
      ], payloadHash: .of(body), style: service == "s3" ? .s3 : .standard())
    edit(&request)
    let scope = signedFor ?? (region, service)
    if presigned {
      target = Signer().presign(
        request, credentials: credentials, region: scope.region, service: scope.service,
        time: Self.signedAt, expiresInSeconds: expiresInSeconds)
      headers = request.headers
    } else {
      let signed = Signer().sign(
        request, credentials: credentials, region: scope.region, service: scope.service,
        time: Self.signedAt)
      target = signed.target
      headers = signed.headers
    }
  }

  /// The refusal, or nil if the request is accepted.
  var refusal: SignatureError? {
    let known = self.known
    let verifier = SignatureVerifier { $0 == known.accessKeyID ? known : nil }
    do {
      try verifier.verify(
        method: method, target: target, headers: headers, body: body, service: service,
        region: region, at: now)
      return nil
    } catch {
      return error
    }
  }

  /// Code and status, as in `SignatureDoesNotMatch 403`.
  var outcome: String {
    refusal.map { "\($0.code) \($0.status)" } ?? "accepted"
  }

  mutating func setHeader(_ name: String, to value: String?) {
    headers.removeAll { $0.name.lowercased() == name.lowercased() }
    if let value { headers.append(HeaderField(name: name, value: value)) }
  }

  mutating func changeAuthorization(_ change: (String) -> String) {
    for index in headers.indices where headers[index].name == "Authorization" {
      headers[index].value = change(headers[index].value)
    }
  }
}
