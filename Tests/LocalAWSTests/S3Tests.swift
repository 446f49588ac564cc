import Foundation
import HTTPClient
import LocalAWS
import SigV4
import Testing

@Suite struct S3Tests {
  @Test func anObjectComesWithWhatS3TellsOfIt() throws {
    let fixture = try LocalAWSFixture()
    let response = try fixture.s3("/photos/a.jpg")
    #expect(response.status == 200)
    #expect(text(response) == "bytes of a")
    #expect(response.headers["ETag"] == "\"cc48596321f886a8ecb7334ddf50f924\"")
    #expect(response.headers["Content-Type"] == "image/jpeg")
    #expect(response.headers["Content-Length"] == "10")
    #expect(response.headers["Last-Modified"]?.hasSuffix(" GMT") == true)
    #expect(response.headers["x-amz-request-id"]?.count == 16)
    #expect(response.headers["x-amz-version-id"] == nil)
    #expect(response.headers["x-amz-checksum-crc64nvme"] == nil)
  }

  @Test func theChecksumComesWhenAskedFor() throws {
    let fixture = try LocalAWSFixture()
    try fixture.put("photos", "digits", "123456789")
    let response = try fixture.s3("/photos/digits", headers: [("x-amz-checksum-mode", "ENABLED")])
    // The check value of CRC-64/NVME: AE8B14860A799888.
    let bytes = Data([0xAE, 0x8B, 0x14, 0x86, 0x0A, 0x79, 0x98, 0x88])
    #expect(response.headers["x-amz-checksum-crc64nvme"] == bytes.base64EncodedString())
    #expect(response.headers["ETag"] == "\"25f9e794323b453885f5181f1b624d0b\"")
  }

  @Test func headHasEverythingButTheBody() throws {
    let fixture = try LocalAWSFixture()
    let response = try fixture.s3("/photos/a.jpg", method: "HEAD")
    #expect(response.status == 200)
    #expect(response.headers["Content-Length"] == "10")
    #expect(response.body.isEmpty)
  }

  @Test(arguments: ["with space.jpg", "plus+and%25.jpg", "a=b&c.jpg", "ü/😀.jpg", "%2e%2e"])
  func anyKeyThatAFolderCanHoldIsFound(key: String) throws {
    let fixture = try LocalAWSFixture()
    try fixture.put("photos", key, key)
    #expect(text(try fixture.s3("/photos/\(key)")) == key)
  }

  @Test(arguments: [
    "/photos/missing", "/photos/a.jpg/", "/photos//a.jpg", "/photos/./a.jpg",
    "/photos/../photos/a.jpg", "/photos/..",
    "/photos/../../secret", "/photos/%2e%2e/secret", "/photos/../\u{301}x", "/photos/a\u{0}.jpg",
    "/photos/folder",
    "/photos/link", "/photos/link-folder/secret",
  ])
  func aKeyThatIsNotThereIsNoSuchKey(path: String) throws {
    let fixture = try LocalAWSFixture()
    try Data("secret".utf8).write(to: fixture.folder.appendingPathComponent("secret"))
    try fixture.put("photos", "folder/x", "x")
    for (name, target) in [("link", "../../secret"), ("link-folder", "../..")] {
      try FileManager.default.createSymbolicLink(
        atPath: fixture.folder.appendingPathComponent("objects/photos/\(name)").path,
        withDestinationPath: target)
    }
    let response = try fixture.s3(path)
    #expect(response.status == 404)
    #expect(text(response).contains("<Code>NoSuchKey</Code>"), "\(text(response))")
  }

  @Test(arguments: ["/nobody/a.jpg", "/../secret", "/./a.jpg"])
  func anUnknownBucketIsNoSuchBucket(path: String) throws {
    let response = try LocalAWSFixture().s3(path)
    #expect(response.status == 404)
    #expect(text(response).contains("<Code>NoSuchBucket</Code>"))
    #expect(response.headers["Content-Type"] == "application/xml")
  }

  @Test func onlyTheNullVersionExists() throws {
    let fixture = try LocalAWSFixture()
    #expect(
      try fixture.s3("/photos/a.jpg", query: [(name: "versionId", value: "null")]).status == 200)
    let other = try fixture.s3("/photos/a.jpg", query: [(name: "versionId", value: "3sL4")])
    #expect(other.status == 404)
    #expect(text(other).contains("<Code>NoSuchVersion</Code>"))
  }

  @Test(arguments: [
    ("bytes=0-4", "bytes", "bytes 0-4/10"), ("bytes=6-", "of a", "bytes 6-9/10"),
    ("bytes=9-15", "a", "bytes 9-9/10"), ("bytes=-4", "of a", "bytes 6-9/10"),
    ("bytes=-99", "bytes of a", "bytes 0-9/10"),
  ])
  func aRangeOfAnObjectIsPartialContent(range: String, expected: String, place: String) throws {
    let response = try LocalAWSFixture().s3(
      "/photos/a.jpg", headers: [("Range", range), ("x-amz-checksum-mode", "ENABLED")])
    #expect(response.status == 206)
    #expect(text(response) == expected)
    #expect(response.headers["Content-Range"] == place)
    #expect(response.headers["ETag"] != nil)
    // A checksum of the object would not match the part.
    #expect(response.headers["x-amz-checksum-crc64nvme"] == nil)
  }

  @Test(arguments: ["bytes=10-", "bytes=10-11", "bytes=-0"])
  func aRangeBeyondTheObjectIsInvalid(range: String) throws {
    let response = try LocalAWSFixture().s3("/photos/a.jpg", headers: [("Range", range)])
    #expect(response.status == 416)
    #expect(code(response) == "InvalidRange")
  }

  @Test(arguments: ["bytes=5-4", "bytes=0-1,3-4", "bytes=a-b", "chars=0-1", "bytes=-", "bytes=5"])
  func whatIsNotOneRangeIsIgnored(range: String) throws {
    let response = try LocalAWSFixture().s3("/photos/a.jpg", headers: [("Range", range)])
    #expect(response.status == 200)
    #expect(text(response) == "bytes of a")
  }

  @Test func aDeniedObjectIsAccessDenied() throws {
    let fixture = try LocalAWSFixture { $0.deniedObjects = ["photos/a.jpg"] }
    let response = try fixture.s3("/photos/a.jpg")
    #expect(response.status == 403)
    #expect(text(response).contains("<Code>AccessDenied</Code>"))
  }

  @Test(arguments: [
    ("PUT", "/photos/a.jpg", 405), ("DELETE", "/photos/a.jpg", 405), ("GET", "/photos", 501),
    ("GET", "/", 501),
  ])
  func whatIsNotReadingAnObjectIsRefused(method: String, path: String, status: Int) throws {
    #expect(try LocalAWSFixture().s3(path, method: method).status == status)
  }

  @Test func anErrorIsWellFormedXMLWhateverTheKey() throws {
    let response = try LocalAWSFixture().s3("/photos/<a>&\"b\"")
    #expect(text(response).contains("<Key>&lt;a&gt;&amp;&quot;b&quot;</Key>"))
  }
}

@Suite struct S3SignatureTests {
  @Test func aWrongSecretIsSignatureDoesNotMatch() throws {
    let wrong = AWSCredentials(
      accessKeyID: credentials.accessKeyID, secretAccessKey: "other",
      sessionToken: credentials.sessionToken)
    let response = try LocalAWSFixture().s3("/photos/a.jpg", signedBy: wrong)
    #expect(response.status == 403)
    #expect(text(response).contains("<Code>SignatureDoesNotMatch</Code>"))
  }

  @Test func anUnknownKeyIsInvalidAccessKeyId() throws {
    let response = try LocalAWSFixture().s3(
      "/photos/a.jpg",
      signedBy: AWSCredentials(accessKeyID: "AKIANOBODY", secretAccessKey: "secret"))
    #expect(text(response).contains("<Code>InvalidAccessKeyId</Code>"))
  }

  // The verifier's clock is ahead of the signature by the time that the request takes.
  @Test(arguments: [-901, 1_500] as [Int64])
  func aDateOffByMoreThan15MinutesIsRefused(offset: Int64) throws {
    let response = try LocalAWSFixture().s3("/photos/a.jpg", at: now(offsetSeconds: offset))
    #expect(response.status == 403)
    #expect(text(response).contains("<Code>RequestTimeTooSkewed</Code>"))
  }

  @Test func aRequestWithoutSignatureIsAccessDenied() throws {
    let fixture = try LocalAWSFixture()
    let response = try fixture.plain("GET", "\(fixture.aws.s3BaseURL)/photos/a.jpg")
    #expect(response.status == 403)
    #expect(text(response).contains("<Code>AccessDenied</Code>"))
  }

  @Test func anotherRegionIsNamed() throws {
    let response = try LocalAWSFixture().s3("/photos/a.jpg", region: "eu-west-1")
    #expect(text(response).contains("<Code>AuthorizationHeaderMalformed</Code>"))
    #expect(text(response).contains("us-east-1"))
  }

  @Test func whoIsRefusedDoesNotLearnWhatExists() throws {
    let wrong = AWSCredentials(accessKeyID: credentials.accessKeyID, secretAccessKey: "other")
    let fixture = try LocalAWSFixture()
    let replies = try ["/photos/a.jpg", "/nobody/x"].map {
      try fixture.s3($0, signedBy: wrong).status
    }
    #expect(replies[0] == replies[1])
  }

  @Test func aPresignedURLWorksUntilItExpires() throws {
    let fixture = try LocalAWSFixture()
    let host = String(fixture.aws.s3BaseURL.dropFirst("http://".count))
    for (age, status) in [(0, 200), (-120, 403)] as [(Int64, Int)] {
      let target = Signer().presign(
        SigningRequest(
          method: "GET", path: "/photos/a.jpg", headers: [HeaderField(name: "Host", value: host)],
          payloadHash: .unsigned, style: .s3),
        credentials: credentials, region: "us-east-1", service: "s3", time: now(offsetSeconds: age),
        expiresInSeconds: 60)
      #expect(try fixture.plain("GET", fixture.aws.s3BaseURL + target).status == status)
    }
  }
}
