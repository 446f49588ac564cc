import Foundation
import SigV4
import Testing

@Suite(
  .enabled(if: SuiteCase.isExpected, "../shared/vectors/sigv4 is not there: AWS's suite is skipped")
)
struct SuiteTests {
  @Test func theSuiteHasAll38Cases() {
    #expect(SuiteCase.all.count == 38)
  }

  @Test(arguments: SuiteCase.all)
  func headerFormHasTheSuitesSignature(of suiteCase: SuiteCase) throws {
    let context = try suiteCase.context()
    var request = try suiteCase.request(context)
    if context.sign_body {
      request.headers.append(
        HeaderField(name: "x-amz-content-sha256", value: try hash(of: suiteCase)))
    }
    let signed = Signer().sign(
      request, credentials: context.signingCredentials, region: context.region,
      service: context.service, time: try #require(context.time))
    #expect(signed.canonicalRequest == (try suiteCase.text("header-canonical-request.txt")))
    #expect(signed.stringToSign == (try suiteCase.text("header-string-to-sign.txt")))
    #expect(signed.signature == (try suiteCase.text("header-signature.txt")))

    let expected = HTTPMessage(try suiteCase.text("header-signed-request.txt"))
    #expect(path(ofTarget: signed.target) == path(ofTarget: expected.target))
    #expect(
      sortedParameters(ofTarget: signed.target) == sortedParameters(ofTarget: expected.target))
    #expect(HTTPMessage.sorted(signed.headers) == expected.sortedHeaders)
  }

  @Test(arguments: SuiteCase.all)
  func queryFormHasTheSuitesSignature(of suiteCase: SuiteCase) throws {
    let context = try suiteCase.context()
    let target = Signer().presign(
      try suiteCase.request(context), credentials: context.signingCredentials,
      region: context.region, service: context.service, time: try #require(context.time),
      expiresInSeconds: context.expiration_in_seconds)
    let expected = HTTPMessage(try suiteCase.text("query-signed-request.txt"))
    #expect(path(ofTarget: target) == path(ofTarget: expected.target))
    #expect(sortedParameters(ofTarget: target) == sortedParameters(ofTarget: expected.target))
    let signature = try suiteCase.text("query-signature.txt")
    #expect(target.hasSuffix("&X-Amz-Signature=\(signature)"))
  }

  @Test(arguments: SuiteCase.all)
  func theStepsOfTheQueryFormAreTheSuites(of suiteCase: SuiteCase) throws {
    let context = try suiteCase.context()
    let time = try #require(context.time)
    // The parameters added by presigning are signed here as an ordinary query.
    let signedTarget = HTTPMessage(try suiteCase.text("query-signed-request.txt"))
    var request = try suiteCase.request(context)
    let isTokenUnsigned = !request.sessionTokenIsSigned
    request.query = signedTarget.query.filter {
      $0.name != "X-Amz-Signature" && !(isTokenUnsigned && $0.name == "X-Amz-Security-Token")
    }
    let canonicalRequest = SignatureV4.canonicalRequest(request)
    #expect(canonicalRequest == (try suiteCase.text("query-canonical-request.txt")))
    let stringToSign = SignatureV4.stringToSign(
      canonicalRequest: canonicalRequest, time: time, region: context.region,
      service: context.service)
    #expect(stringToSign == (try suiteCase.text("query-string-to-sign.txt")))
    let key = SignatureV4.signingKey(
      secretAccessKey: context.signingCredentials.secretAccessKey, time: time,
      region: context.region, service: context.service)
    #expect(
      SignatureV4.signature(stringToSign: stringToSign, signingKey: key)
        == (try suiteCase.text("query-signature.txt")))
  }

  private func hash(of suiteCase: SuiteCase) throws -> String {
    SHA256.hexDigest(Array(HTTPMessage(try suiteCase.text("request.txt")).body.utf8))
  }
}
