import Foundation
import SigV4
import SignatureVerification
import Testing

/// The error code of S3 first, then that of SageMaker and other services with a JSON protocol.
struct SignatureVerifierTests {
  static let mismatch = [
    "s3": "SignatureDoesNotMatch 403", "sagemaker": "InvalidSignatureException 403",
  ]
  static let services = ["s3", "sagemaker"]

  @Test(arguments: services, [false, true])
  func aSignedRequestIsAccepted(service: String, presigned: Bool) {
    #expect(VerifierFixture(service, presigned: presigned).outcome == "accepted")
  }

  @Test(arguments: services, [false, true])
  func anythingChangedAfterSigningIsRefused(service: String, presigned: Bool) {
    let original = VerifierFixture(service, presigned: presigned)
    let changes: [(inout VerifierFixture) -> Void] = [
      { $0.method = "GET" },
      { $0.target = $0.target.replacingOccurrences(of: "/a%20b/", with: "/a%20c/") },
      { $0.target = $0.target.replacingOccurrences(of: "a%2Fb", with: "a%2Fc") },
      { $0.target = $0.target.replacingOccurrences(of: "versionId", with: "VersionId") },
      { $0.target += "&extra=1" },
      { $0.setHeader("Host", to: "127.0.0.1:8081") },
      { $0.setHeader("X-Amz-Meta-Note", to: "a c") },
      { $0.setHeader("X-Amz-Meta-Note", to: nil) },
      { $0.headers.append(HeaderField(name: "x-amz-meta-note", value: "b")) },
    ]
    for (index, change) in changes.enumerated() {
      var fixture = original
      change(&fixture)
      #expect(fixture.outcome == Self.mismatch[service], "change \(index)")
    }
  }

  @Test(arguments: services, [false, true])
  func theWrongSecretIsRefused(service: String, presigned: Bool) {
    let wrong = AWSCredentials(
      accessKeyID: "ASIAEXAMPLE", secretAccessKey: "wrong", sessionToken: "token+/=")
    let fixture = VerifierFixture(service, presigned: presigned, credentials: wrong)
    #expect(fixture.outcome == Self.mismatch[service])
  }

  @Test(arguments: services, ["", "0", String(repeating: "0", count: 64)])
  func aForgedSignatureIsRefused(service: String, signature: String) {
    var fixture = VerifierFixture(service)
    fixture.changeAuthorization {
      $0.replacing(/Signature=[0-9a-f]+/, with: "Signature=\(signature)")
    }
    #expect(fixture.outcome == Self.mismatch[service])
  }

  @Test(arguments: [
    ("s3", "InvalidAccessKeyId 403"), ("sagemaker", "UnrecognizedClientException 403"),
  ])
  func anUnknownAccessKeyIsRefused(service: String, outcome: String) {
    let unknown = AWSCredentials(accessKeyID: "AKIDUNKNOWN", secretAccessKey: "s")
    #expect(VerifierFixture(service, credentials: unknown).outcome == outcome)
    #expect(VerifierFixture(service, presigned: true, credentials: unknown).outcome == outcome)
  }

  @Test(arguments: [("s3", "InvalidToken 400"), ("sagemaker", "UnrecognizedClientException 403")])
  func aWrongOrMissingOrNeedlessTokenIsRefused(service: String, outcome: String) {
    func credentials(_ token: String?) -> AWSCredentials {
      AWSCredentials(
        accessKeyID: "ASIAEXAMPLE", secretAccessKey: "the right secret", sessionToken: token)
    }
    for presigned in [false, true] {
      for token in [nil, "another"] {
        let fixture = VerifierFixture(
          service, presigned: presigned, credentials: credentials(token))
        #expect(fixture.outcome == outcome)
      }
      var longTerm = VerifierFixture(service, presigned: presigned)
      longTerm.known = credentials(nil)
      #expect(longTerm.outcome == outcome)
    }
  }

  @Test(arguments: [
    ("s3", "AccessDenied 403"), ("sagemaker", "MissingAuthenticationTokenException 403"),
  ])
  func anUnsignedRequestIsRefused(service: String, outcome: String) {
    var fixture = VerifierFixture(service)
    fixture.setHeader("Authorization", to: nil)
    #expect(fixture.outcome == outcome)
  }

  @Test(arguments: [
    ("s3", "AuthorizationHeaderMalformed 400"), ("sagemaker", "IncompleteSignatureException 400"),
  ])
  func aMalformedAuthorizationIsRefused(service: String, outcome: String) {
    for authorization in [
      "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256 ,,=,=a,Credential",
      "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=host",
      "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=0",
      "AWS4-HMAC-SHA256 Credential=a/20231103/r/s3/aws5_request, SignedHeaders=host, Signature=0",
    ] {
      var fixture = VerifierFixture(service)
      fixture.changeAuthorization { _ in authorization }
      #expect(fixture.outcome == outcome, "\(authorization)")
    }
  }

  @Test(arguments: [
    ("s3", "InvalidRequest 400"), ("sagemaker", "IncompleteSignatureException 400"),
  ])
  func anotherAlgorithmIsRefused(service: String, outcome: String) {
    for authorization in ["", "Basic dXNlcjpwYXNz", "AWS4-HMAC-SHA512 Credential=a"] {
      var fixture = VerifierFixture(service)
      fixture.changeAuthorization { _ in authorization }
      #expect(fixture.outcome == outcome)
    }
  }

  @Test(arguments: [
    ("s3", "InvalidArgument 400"), ("sagemaker", "IncompleteSignatureException 400"),
  ])
  func twoSignaturesAreRefused(service: String, outcome: String) {
    var fixture = VerifierFixture(service, presigned: true)
    fixture.headers = VerifierFixture(service).headers
    #expect(fixture.outcome == outcome)
  }

  @Test(arguments: [
    ("s3", "AuthorizationHeaderMalformed 400", "AuthorizationQueryParametersError 400"),
    ("sagemaker", "InvalidSignatureException 403", "InvalidSignatureException 403"),
  ])
  func theScopeMustBeThisRegionServiceAndDay(service: String, header: String, query: String) {
    for scope in [("us-east-1", service), ("eu-central-1", "execute-api")] {
      #expect(VerifierFixture(service, signedFor: scope).outcome == header)
      #expect(VerifierFixture(service, presigned: true, signedFor: scope).outcome == query)
    }
    var otherDay = VerifierFixture(service)
    otherDay.changeAuthorization { $0.replacing("/20231103/", with: "/20231102/") }
    #expect(otherDay.outcome == header)
  }

  @Test(arguments: [("s3", "AccessDenied 403"), ("sagemaker", "InvalidSignatureException 403")])
  func hostAndAmzHeadersMustBeSigned(service: String, outcome: String) {
    var unsignedHost = VerifierFixture(service) { $0.headers.removeFirst() }
    unsignedHost.setHeader("Host", to: "127.0.0.1:8080")
    #expect(unsignedHost.outcome == outcome)
    var added = VerifierFixture(service)
    added.setHeader("X-AMZ-Acl", to: "public-read")
    #expect(added.outcome == outcome)
    let unsignedToken = VerifierFixture(service) { $0.sessionTokenIsSigned = false }
    #expect(unsignedToken.outcome == outcome)
  }

  @Test func unsignedHeadersOfOtherKindsAreAllowed() {
    var fixture = VerifierFixture("sagemaker")
    fixture.setHeader("User-Agent", to: "x")
    fixture.setHeader("X-Amzn-Trace-Id", to: "Root=1")
    #expect(fixture.outcome == "accepted")
  }
}
