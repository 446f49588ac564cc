import SigV4
import SignatureVerification
import Testing

struct SignatureVerifierPayloadTests {
  private let hash = "X-Amz-Content-Sha256"

  @Test func s3RefusesABodyOfAnotherHash() {
    var fixture = VerifierFixture("s3")
    fixture.body.append(1)
    #expect(fixture.outcome == "XAmzContentSHA256Mismatch 400")
  }

  @Test func sageMakerRefusesAChangedBodyAsAWrongSignature() {
    var fixture = VerifierFixture("sagemaker")
    fixture.body.append(1)
    #expect(fixture.outcome == "InvalidSignatureException 403")
  }

  @Test func s3TakesAnyBodyForAnUnsignedPayload() {
    var fixture = VerifierFixture("s3") { $0.payloadHash = .unsigned }
    fixture.body = [9, 9, 9]
    #expect(fixture.outcome == "accepted")
    var presigned = VerifierFixture("s3", presigned: true)
    presigned.body = [9, 9, 9]
    #expect(presigned.outcome == "accepted")
  }

  @Test func s3WantsThePayloadHash() {
    var fixture = VerifierFixture("s3")
    fixture.setHeader(hash, to: nil)
    #expect(fixture.outcome == "InvalidRequest 400")
  }

  @Test func s3RefusesAHashThatIsNone() {
    for value in ["", "abc", String(repeating: "g", count: 64), "unsigned-payload"] {
      var fixture = VerifierFixture("s3")
      fixture.setHeader(hash, to: value)
      #expect(fixture.outcome == "InvalidArgument 400")
    }
  }

  @Test(arguments: ["STREAMING-UNSIGNED-PAYLOAD-TRAILER", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"])
  func streamingPayloadsAreNotImplemented(kind: String) {
    var fixture = VerifierFixture("s3")
    fixture.setHeader(hash, to: kind)
    #expect(fixture.outcome == "NotImplemented 501")
  }

  @Test func anEmptyBodyHasItsOwnHash() {
    for service in ["s3", "sagemaker"] {
      var fixture = VerifierFixture(service) { $0.payloadHash = .empty }
      fixture.body = []
      #expect(fixture.outcome == "accepted")
    }
  }

  @Test func nonsenseTargetsAreRefusedWithoutACrash() {
    for target in ["", "?", "?&&=&%", "/%", "/%zz?%=%1", "*", "/a?b?c", "//?=", "/\u{0}"] {
      for service in ["s3", "sagemaker"] {
        var fixture = VerifierFixture(service)
        fixture.target = target
        #expect(fixture.outcome.hasSuffix("403"))
      }
    }
  }
}
