import Foundation
import SigV4
import TestSupport
import Testing

/// Our own requests, signed by botocore with `Vectors/generate.py`.
struct CommittedVectorTests {
  static let header = SignatureCase.committed.filter { $0.form == .header }
  static let presigned = SignatureCase.committed.filter { $0.form == .presigned }

  @Test func allVectorsAreThere() {
    #expect(SignatureCase.committed.count == 149)
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

  @Test(arguments: presigned)
  func stepsOfThePresignedFormAreBotocores(of vector: SignatureCase) throws {
    let time = try #require(vector.signingTime)
    var request = vector.request
    // What presigning has put into the query is signed here as an ordinary query.
    request.query = HTTPMessage("GET \(vector.target) HTTP/1.1\n").query.filter {
      $0.name != "X-Amz-Signature"
        && (request.sessionTokenIsSigned || $0.name != "X-Amz-Security-Token")
    }
    if vector.style == .s3 { request.payloadHash = .unsigned }
    let canonicalRequest = SignatureV4.canonicalRequest(request)
    #expect(canonicalRequest == vector.canonicalRequest)
    let stringToSign = SignatureV4.stringToSign(
      canonicalRequest: canonicalRequest, time: time, region: vector.region,
      service: vector.service)
    #expect(stringToSign == vector.stringToSign)
    let key = SignatureV4.signingKey(
      secretAccessKey: vector.secretAccessKey, time: time, region: vector.region,
      service: vector.service)
    #expect(SignatureV4.signature(stringToSign: stringToSign, signingKey: key) == vector.signature)
  }
}
