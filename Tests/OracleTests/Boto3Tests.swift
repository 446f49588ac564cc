import Foundation
import JSON
import SigV4
import TestSupport
import Testing

/// A request that must be refused, and AWS's error for it.
struct Refusal: CustomTestStringConvertible {
  let scenario: String
  let status: Int64
  let code: String

  init(_ scenario: String, _ status: Int64, _ code: String) {
    self.scenario = scenario
    self.status = status
    self.code = code
  }

  var testDescription: String { "\(scenario): \(status) \(code)" }
}

/// LocalAWS with boto3 as the client: correct signatures are accepted, all others get AWS's own
/// error.
@Suite(.enabled(if: Oracle.boto3.isExpected, Oracle.boto3.absence))
struct Boto3Tests {
  @Test(arguments: [
    "s3 right keys", "s3 right keys with a session token", "s3 checksum mode",
    "s3 14 minutes early", "s3 14 minutes late", "s3 version null", "presigned right keys",
    "presigned with a session token",
  ])
  func objectIsReadWithRightKeys(_ scenario: String) throws {
    let result = try Boto3Results.scenario(scenario)
    #expect(result["status"]?.int64Value == 200, "\(result)")
    let file = Repository.root.appendingPathComponent(Boto3Results.image)
    let expected = SHA256.hexDigest(Array(try Data(contentsOf: file)))
    #expect(result["sha256"]?.stringValue == expected)
  }

  @Test(arguments: ObjectKeys.everywhere)
  func objectIsReadUnderItsKey(_ key: String) throws {
    let result = try Boto3Results.scenario("s3 key \(key)")
    #expect(result["status"]?.int64Value == 200, "\(result)")
    let expected = SHA256.hexDigest(Array("object \(key)".utf8))
    #expect(result["sha256"]?.stringValue == expected)
  }

  /// A folder cannot contain these keys, but their signatures are still verified: dots and slashes
  /// must not be removed.
  @Test(arguments: ObjectKeys.notOnFiles)
  func keyThatAFolderCannotHoldIsMissingAndNotMissigned(_ key: String) throws {
    try expect(Refusal("s3 key \(key)", 404, "NoSuchKey"))
  }

  @Test func headOfAnObjectIsAnswered() throws {
    #expect(try Boto3Results.scenario("s3 head")["status"]?.int64Value == 200)
  }

  @Test(arguments: [
    "sagemaker right keys", "sagemaker right keys with a session token",
    "sagemaker custom attributes", "sagemaker 14 minutes late",
    // Intermediaries change it, so it is not signed.
    "sagemaker changed trace id",
  ])
  func endpointAnswersWithRightKeys(_ scenario: String) throws {
    let result = try Boto3Results.scenario(scenario)
    #expect(result["status"]?.int64Value == 200, "\(result)")
    #expect(result["ContentType"]?.stringValue == "application/json")
    #expect(result["InvokedProductionVariant"]?.stringValue == "AllTraffic")
    // The script keeps the first 2,000 characters: enough to see a list of lists of numbers.
    #expect(try result.text("text").hasPrefix("[["))
  }

  @Test(arguments: [
    Refusal("s3 wrong secret", 403, "SignatureDoesNotMatch"),
    Refusal("s3 unknown key", 403, "InvalidAccessKeyId"),
    Refusal("s3 wrong session token", 400, "InvalidToken"),
    Refusal("s3 missing session token", 400, "InvalidToken"),
    Refusal("s3 old date", 403, "RequestTimeTooSkewed"),
    Refusal("s3 date ahead", 403, "RequestTimeTooSkewed"),
    Refusal("s3 no signature", 403, "AccessDenied"),
    Refusal("s3 another region", 400, "AuthorizationHeaderMalformed"),
    Refusal("s3 changed query", 403, "SignatureDoesNotMatch"),
    Refusal("s3 added query", 403, "SignatureDoesNotMatch"),
    Refusal("s3 changed key", 403, "SignatureDoesNotMatch"),
    Refusal("s3 changed header", 403, "SignatureDoesNotMatch"),
    Refusal("s3 changed payload hash", 403, "SignatureDoesNotMatch"),
    Refusal("s3 changed body", 400, "XAmzContentSHA256Mismatch"),
    Refusal("s3 missing object", 404, "NoSuchKey"),
    Refusal("s3 missing bucket", 404, "NoSuchBucket"),
    Refusal("s3 denied object", 403, "AccessDenied"),
    Refusal("presigned wrong secret", 403, "SignatureDoesNotMatch"),
    Refusal("presigned unknown key", 403, "InvalidAccessKeyId"),
    Refusal("presigned expired", 403, "AccessDenied"),
    Refusal("presigned changed expiry", 403, "SignatureDoesNotMatch"),
    Refusal("presigned changed key", 403, "SignatureDoesNotMatch"),
    Refusal("presigned added query", 403, "SignatureDoesNotMatch"),
  ])
  func s3RefusesInItsOwnWords(_ refusal: Refusal) throws { try expect(refusal) }

  @Test(arguments: [
    Refusal("sagemaker wrong secret", 403, "InvalidSignatureException"),
    Refusal("sagemaker unknown key", 403, "UnrecognizedClientException"),
    Refusal("sagemaker wrong session token", 403, "UnrecognizedClientException"),
    Refusal("sagemaker old date", 403, "InvalidSignatureException"),
    Refusal("sagemaker date ahead", 403, "InvalidSignatureException"),
    Refusal("sagemaker no signature", 403, "MissingAuthenticationTokenException"),
    Refusal("sagemaker another region", 403, "InvalidSignatureException"),
    Refusal("sagemaker changed body", 403, "InvalidSignatureException"),
    Refusal("sagemaker added query", 403, "InvalidSignatureException"),
    Refusal("sagemaker changed path", 403, "InvalidSignatureException"),
    Refusal("sagemaker changed header", 403, "InvalidSignatureException"),
    Refusal("sagemaker missing endpoint", 400, "ValidationError"),
    Refusal("sagemaker missing variant", 400, "ValidationError"),
    Refusal("sagemaker no image", 424, "ModelError"),
  ])
  func sageMakerRuntimeRefusesInItsOwnWords(_ refusal: Refusal) throws { try expect(refusal) }

  @Test func oldDateIsNamedAsExpired() throws {
    let message = try Boto3Results.scenario("sagemaker old date").text("message")
    #expect(message.hasPrefix("Signature expired: "))
  }

  @Test func errorOfTheContainerArrivesAsBoto3sOwnType() throws {
    let error = try Boto3Results.scenario("sagemaker no image")
    #expect(error["class"]?.stringValue == "ModelError")
    #expect(error["OriginalStatusCode"]?.int64Value == 500)
  }

  private func expect(_ refusal: Refusal) throws {
    let result = try Boto3Results.scenario(refusal.scenario)
    #expect(result["status"]?.int64Value == refusal.status, "\(result)")
    #expect(result["code"]?.stringValue == refusal.code, "\(result)")
  }
}
