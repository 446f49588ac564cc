import Foundation
import SigV4
import TestSupport
import Testing

/// Requests of our own, signed by botocore; `Vectors/generate.py` says how.
struct CommittedVectorTests {
  static let header = SignatureCase.committed.filter { $0.form == .header }
  static let presigned = SignatureCase.committed.filter { $0.form == .presigned }

  @Test func allVectorsAreThere() {
    #expect(SignatureCase.committed.count == 71)
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
}
