import Foundation
import SigV4
import Testing

/// Requests of our own, signed by botocore; `Vectors/generate.py` says how.
struct CommittedVectorTests {
  static let all: [SignatureCase] =
    ["s3.json", "standard.json"].flatMap { (try? SignatureCase.load($0)) ?? [] }
  static let header = all.filter { $0.form == .header }
  static let presigned = all.filter { $0.form == .presigned }

  @Test func allVectorsAreThere() {
    #expect(Self.all.count == 71)
  }

  @Test(arguments: header)
  func headerSignatureIsBotocores(of vector: SignatureCase) throws {
    let signed = Signer().sign(
      vector.request, credentials: vector.credentials, region: vector.region,
      service: vector.service, time: try #require(vector.signingTime))
    #expect(signed.canonicalRequest == vector.canonicalRequest)
    #expect(signed.stringToSign == vector.stringToSign)
    #expect(signed.signature == vector.signature)
    #expect(path(ofTarget: signed.target) == path(ofTarget: vector.target))
    #expect(sortedParameters(ofTarget: signed.target) == sortedParameters(ofTarget: vector.target))
    #expect(HTTPMessage.sorted(signed.headers) == HTTPMessage.sorted(vector.receivedHeaders))
  }

  @Test(arguments: presigned)
  func presignedTargetIsBotocores(of vector: SignatureCase) throws {
    let target = Signer().presign(
      vector.request, credentials: vector.credentials, region: vector.region,
      service: vector.service, time: try #require(vector.signingTime),
      expiresInSeconds: vector.expires)
    #expect(path(ofTarget: target) == path(ofTarget: vector.target))
    #expect(sortedParameters(ofTarget: target) == sortedParameters(ofTarget: vector.target))
  }

  @Test(arguments: all)
  func verifierAcceptsWhatBotocoreSends(of vector: SignatureCase) throws {
    let verifier = SignatureVerifier { $0 == vector.accessKeyID ? vector.credentials : nil }
    let accessKeyID = try verifier.verify(
      method: vector.method, target: vector.target, headers: vector.receivedHeaders,
      body: Array(vector.body), service: vector.service, region: vector.region,
      at: try #require(vector.signingTime))
    #expect(accessKeyID == vector.accessKeyID)
  }

  @Test(arguments: all)
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
