import SigV4
import SignatureVerification
import TestSupport
import Testing

/// Requests signed by botocore, from `Tests/SigV4Tests/Vectors`, as a server receives them.
struct CommittedVectorTests {
  @Test(arguments: SignatureCase.committed.filter(\.isPlain))
  func verifierAcceptsWhatBotocoreSends(of vector: SignatureCase) throws {
    let verifier = SignatureVerifier { $0 == vector.accessKeyID ? vector.credentials : nil }
    let accessKeyID = try verifier.verify(
      method: vector.method, target: vector.target, headers: vector.receivedHeaders,
      body: Array(vector.body), service: vector.service, region: vector.region,
      at: try #require(vector.signingTime))
    #expect(accessKeyID == vector.accessKeyID)
  }

  @Test(arguments: SignatureCase.committed.filter(\.isPlain))
  func verifierRefusesWhatBotocoreSignedForAnotherMethod(of vector: SignatureCase) throws {
    let verifier = SignatureVerifier { _ in vector.credentials }
    let time = try #require(vector.signingTime)
    let error = #expect(throws: SignatureError.self) {
      try verifier.verify(
        method: "DELETE", target: vector.target, headers: vector.receivedHeaders,
        body: Array(vector.body), service: vector.service, region: vector.region, at: time)
    }
    #expect(
      error?.code
        == (vector.style == .s3 ? "SignatureDoesNotMatch" : "InvalidSignatureException"))
  }
}
