import Foundation
import LocalAWS
import TestSupport
import Testing

@Suite struct UploadIntegrityTests {
  /// The checksums of `123456789` from the CRC catalog, sha1sum, sha256sum, and md5sum.
  static let checksums = [
    ("x-amz-checksum-crc32", "y/Q5Jg=="), ("x-amz-checksum-crc32c", "4waSgw=="),
    ("x-amz-checksum-crc64nvme", "rosUhgp5mIg="),
    ("x-amz-checksum-sha1", "98O8HYCOBHMq32eZZczDTKeuNEE="),
    ("x-amz-checksum-sha256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
  ]

  @Test(arguments: checksums)
  func aRightChecksumIsEchoedAndKept(header: String, value: String) throws {
    let fixture = try LocalAWSFixture.writable()
    let put = try fixture.putObject("/results/a", "123456789", [(header, value)])
    #expect(put.status == 200, "\(text(put))")
    #expect(put.headers[header] == value)
    #expect(put.headers["x-amz-checksum-type"] == "FULL_OBJECT")
    let plain = try fixture.s3("/results/a")
    #expect(plain.headers[header] == nil)
    let asked = try fixture.s3("/results/a", headers: [("x-amz-checksum-mode", "ENABLED")])
    #expect(asked.headers[header] == value)
  }

  @Test(arguments: checksums)
  func aWrongChecksumIsBadDigest(header: String, value: String) throws {
    let fixture = try LocalAWSFixture.writable()
    let response = try fixture.putObject("/results/a", "12345678", [(header, value)])
    #expect(response.status == 400)
    #expect(code(response) == "BadDigest")
    #expect(fixture.aws.storedObjects().isEmpty)
  }

  @Test(arguments: checksums.map(\.0), ["", "no base64", "AAAA"])
  func aMalformedChecksumIsInvalidRequest(header: String, value: String) throws {
    let response = try LocalAWSFixture.writable().putObject("/results/a", "1", [(header, value)])
    #expect(response.status == 400)
    #expect(code(response) == "InvalidRequest")
  }

  @Test func withoutAChecksumTheServiceComputesOne() throws {
    let put = try LocalAWSFixture.writable().putObject("/results/a", "123456789")
    #expect(put.headers["x-amz-checksum-crc64nvme"] == "rosUhgp5mIg=")
  }

  @Test func twoChecksumsAreInvalidRequest() throws {
    let response = try LocalAWSFixture.writable().putObject(
      "/results/a", "123456789", Array(Self.checksums.prefix(2)))
    #expect(code(response) == "InvalidRequest")
  }

  @Test(arguments: [
    ("CRC32", "x-amz-checksum-crc32", ""), ("SHA1", "x-amz-checksum-crc32", "InvalidRequest"),
    ("CRC32", "x-amz-meta-nothing", "InvalidRequest"),
  ])
  func theAnnouncedAlgorithmMustCome(algorithm: String, header: String, expected: String) throws {
    let response = try LocalAWSFixture.writable().putObject(
      "/results/a", "123456789",
      [("x-amz-sdk-checksum-algorithm", algorithm), (header, "y/Q5Jg==")])
    #expect(code(response) == expected)
  }

  @Test(arguments: [
    ("JfnnlDI7RTiF9RgfG2JNCw==", ""), ("AAAAAAAAAAAAAAAAAAAAAA==", "BadDigest"),
    ("AAAA", "InvalidDigest"),
  ])
  func contentMD5IsVerified(value: String, expected: String) throws {
    let response = try LocalAWSFixture.writable().putObject(
      "/results/a", "123456789", [("Content-MD5", value)])
    #expect(code(response) == expected)
  }
}

@Suite struct ConditionalWriteTests {
  @Test(arguments: ["/results/new", "/photos/b.jpg"])
  func ifNoneMatchWritesOnlyOnce(path: String) throws {
    let fixture = try LocalAWSFixture.writable()
    #expect(try fixture.putObject(path, "1", [("If-None-Match", "*")]).status == 200)
    let second = try fixture.putObject(path, "2", [("If-None-Match", "*")])
    #expect(second.status == 412)
    #expect(code(second) == "PreconditionFailed")
    #expect(text(second).contains("<Condition>If-None-Match</Condition>"))
    #expect(text(try fixture.s3(path)) == "1")
  }

  @Test func aGivenObjectCountsAsThere() throws {
    let fixture = try LocalAWSFixture.writable()
    #expect(try fixture.putObject("/photos/a.jpg", "1", [("If-None-Match", "*")]).status == 412)
    let eTag = try #require(try fixture.s3("/photos/a.jpg").headers["ETag"])
    #expect(try fixture.putObject("/photos/a.jpg", "1", [("If-Match", eTag)]).status == 200)
  }

  @Test func ifMatchWritesOverTheObjectThatWasRead() throws {
    let fixture = try LocalAWSFixture.writable()
    let first = try #require(try fixture.putObject("/results/a", "1").headers["ETag"])
    #expect(try fixture.putObject("/results/a", "2", [("If-Match", first)]).status == 200)
    let stale = try fixture.putObject("/results/a", "3", [("If-Match", first)])
    #expect(stale.status == 412)
    #expect(code(stale) == "PreconditionFailed")
    #expect(text(try fixture.s3("/results/a")) == "2")
  }

  @Test func ifMatchOfNoObjectIsNoSuchKey() throws {
    let response = try LocalAWSFixture.writable().putObject(
      "/results/a", "1", [("If-Match", "\"0\"")])
    #expect(response.status == 404)
    #expect(code(response) == "NoSuchKey")
  }

  @Test(arguments: [
    [("If-None-Match", "\"0\"")], [("If-Match", "*")], [("If-None-Match", "*"), ("If-Match", "0")],
  ])
  func otherConditionsAreNotImplemented(headers: [(String, String)]) throws {
    #expect(try LocalAWSFixture.writable().putObject("/results/a", "1", headers).status == 501)
  }

  @Test func ofManyThatWriteAtOnceOneWins() throws {
    let fixture = try LocalAWSFixture.writable()
    let statuses = Recorder<Int>()
    DispatchQueue.concurrentPerform(iterations: 8) { index in
      let response = try? fixture.putObject("/results/a", "\(index)", [("If-None-Match", "*")])
      statuses.add(response?.status ?? 0)
    }
    #expect(statuses.all.sorted() == [200] + Array(repeating: 412, count: 7))
  }
}

@Suite struct EncryptionHeaderTests {
  private let method = "x-amz-server-side-encryption"
  private let key = "x-amz-server-side-encryption-aws-kms-key-id"

  @Test func theKeyOfAnEncryptedObjectIsEchoedAndItsETagIsNoMD5() throws {
    let fixture = try LocalAWSFixture.writable()
    let arn = "arn:aws:kms:us-east-1:123456789012:key/1"
    let headers = [(method, "aws:kms"), (key, arn)]
    let put = try fixture.putObject("/results/a", "123456789", headers)
    #expect(put.status == 200)
    let eTag = try #require(put.headers["ETag"])
    #expect(eTag.wholeMatch(of: /"[0-9a-f]{32}"/) != nil)
    #expect(eTag != "\"25f9e794323b453885f5181f1b624d0b\"")
    for response in [put, try fixture.s3("/results/a")] {
      #expect(response.headers[method] == "aws:kms")
      #expect(response.headers[key] == arn)
      #expect(response.headers["ETag"] == eTag)
    }
  }

  @Test(arguments: [("rot13", nil), (nil, "key"), ("AES256", "key")] as [(String?, String?)])
  func headersThatDoNotFitAreInvalidArgument(method value: String?, key id: String?) throws {
    let headers = [value.map { (method, $0) }, id.map { (key, $0) }].compactMap(\.self)
    let response = try LocalAWSFixture.writable().putObject("/results/a", "1", headers)
    #expect(response.status == 400)
    #expect(code(response) == "InvalidArgument")
  }
}
