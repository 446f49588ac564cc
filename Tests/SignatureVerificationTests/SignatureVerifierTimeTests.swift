import SigV4
import SignatureVerification
import Testing

struct SignatureVerifierTimeTests {
  private func fixture(
    _ service: String, presigned: Bool = false, secondsLater: Int64, expiresInSeconds: Int = 60
  ) -> VerifierFixture {
    var fixture = VerifierFixture(
      service, presigned: presigned, expiresInSeconds: expiresInSeconds)
    fixture.now = SigningTime(
      unixSeconds: VerifierFixture.signedAt.unixSeconds + secondsLater)
    return fixture
  }

  @Test(arguments: ["s3", "sagemaker"], [-900, 0, 900] as [Int64])
  func fifteenMinutesEitherWayAreAllowed(service: String, secondsLater: Int64) {
    #expect(fixture(service, secondsLater: secondsLater).outcome == "accepted")
  }

  @Test(arguments: [-901, 901, 86_400 * 365] as [Int64])
  func moreThanFifteenMinutesAreRefused(secondsLater: Int64) {
    #expect(
      fixture("s3", secondsLater: secondsLater).outcome == "RequestTimeTooSkewed 403")
    #expect(
      fixture("sagemaker", secondsLater: secondsLater).outcome == "InvalidSignatureException 403")
  }

  @Test func sageMakerSaysWhenTheSignatureExpired() {
    #expect(
      fixture("sagemaker", secondsLater: 901).refusal?.message
        == "Signature expired: 20231103T200516Z is now earlier than 20231103T200517Z"
        + " (20231103T202017Z - 15 min.)")
  }

  @Test func aPresignedURLIsGoodUntilItExpires() {
    let week: Int64 = 604_800
    #expect(fixture("s3", presigned: true, secondsLater: 60).outcome == "accepted")
    #expect(fixture("s3", presigned: true, secondsLater: 61).outcome == "AccessDenied 403")
    #expect(
      fixture("s3", presigned: true, secondsLater: week, expiresInSeconds: 604_800).outcome
        == "accepted")
    #expect(fixture("s3", presigned: true, secondsLater: -901).outcome == "AccessDenied 403")
    #expect(
      fixture("sagemaker", presigned: true, secondsLater: 61).outcome
        == "InvalidSignatureException 403")
  }

  @Test(arguments: ["604801", "-1", "", "1e3", "99999999999999999999"])
  func anExpiryOutsideSevenDaysIsRefused(expires: String) {
    for (service, outcome) in [
      ("s3", "AuthorizationQueryParametersError 400"),
      ("sagemaker", "IncompleteSignatureException 400"),
    ] {
      var fixture = VerifierFixture(service, presigned: true)
      fixture.target = fixture.target.replacing(
        "X-Amz-Expires=60", with: "X-Amz-Expires=\(expires)")
      #expect(fixture.outcome == outcome)
    }
  }

  @Test(arguments: [
    "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders",
    "X-Amz-Signature",
  ])
  func aPresignedURLNeedsAllItsParameters(name: String) {
    var fixture = VerifierFixture("s3", presigned: true)
    fixture.target = fixture.target.replacing("\(name)=", with: "Other=")
    #expect(fixture.outcome == "AuthorizationQueryParametersError 400")
  }

  @Test(arguments: [nil, "", "Fri, 03 Nov 2023 20:05:16 GMT", "20231303T200516Z"])
  func aMissingOrMalformedDateIsRefused(date: String?) {
    for (service, outcome) in [
      ("s3", "AccessDenied 403"), ("sagemaker", "IncompleteSignatureException 400"),
    ] {
      var fixture = VerifierFixture(service)
      fixture.setHeader("X-Amz-Date", to: date)
      #expect(fixture.outcome == outcome)
    }
  }
}
