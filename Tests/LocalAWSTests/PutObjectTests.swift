import Foundation
import HTTPClient
import LocalAWS
import SigV4
import Testing

@Suite struct PutObjectTests {
  @Test func whatIsPutIsReadBackWithWhatItsWriterSaidOfIt() throws {
    let fixture = try LocalAWSFixture.writable()
    let put = try fixture.putObject(
      "/results/a/ü +.json", "{}",
      [
        ("Content-Type", "application/json"), ("Cache-Control", "no-store"),
        ("x-amz-meta-model", "v1"),
      ])
    #expect(put.status == 200, "\(text(put))")
    #expect(put.body.isEmpty)
    #expect(put.headers["ETag"] == "\"99914b932bd37a50b983c5e7c90ae93b\"")
    #expect(put.headers["x-amz-server-side-encryption"] == "AES256")
    let object = try fixture.s3("/results/a/ü +.json")
    #expect(text(object) == "{}")
    for name in ["ETag", "x-amz-server-side-encryption"] {
      #expect(object.headers[name] == put.headers[name])
    }
    #expect(object.headers["Content-Type"] == "application/json")
    #expect(object.headers["Cache-Control"] == "no-store")
    #expect(object.headers["x-amz-meta-model"] == "v1")
  }

  @Test func anUploadHidesTheGivenObjectAndLeavesItsFileAlone() throws {
    let fixture = try LocalAWSFixture.writable()
    #expect(try fixture.putObject("/photos/a.jpg", "other").status == 200)
    #expect(text(try fixture.s3("/photos/a.jpg")) == "other")
    let file = fixture.folder.appendingPathComponent("objects/photos/a.jpg")
    #expect(try String(contentsOf: file, encoding: .utf8) == "bytes of a")
  }

  @Test(arguments: [
    "../../secret", "..", "a//b", "/", "folder/x", "folder", "folder/x/y", ".", "nul\u{0}",
    String(repeating: "long", count: 256),
  ])
  func anyKeyIsStoredWithinTheOverlay(key: String) throws {
    let fixture = try LocalAWSFixture.writable()
    try fixture.put("photos", "folder/x", "x")
    let before = try FileManager.default.subpathsOfDirectory(atPath: fixture.folder.path)
    #expect(try fixture.putObject("/photos/\(key)", "1").status == 200)
    #expect(try fixture.putObject("/photos/\(key)", "12").status == 200)
    #expect(text(try fixture.s3("/photos/\(key)")) == "12")
    let after = try FileManager.default.subpathsOfDirectory(atPath: fixture.folder.path)
    let new = Set(after).subtracting(before)
    #expect(new.count == 1 && new.allSatisfy { $0.hasPrefix("overlay/") }, "\(new)")
  }

  @Test func twoSpellingsOfOneTextAreTwoKeys() throws {
    let fixture = try LocalAWSFixture.writable()
    for key in ["\u{FC}", "u\u{308}"] {
      #expect(
        try fixture.putObject("/results/\(key)", key, [("If-None-Match", "*")]).status == 200)
    }
    #expect(fixture.aws.storedObjects().count == 2)
  }

  @Test func aKeyBeyond1024BytesIsRefused() throws {
    let response = try LocalAWSFixture.writable().putObject(
      "/results/\(String(repeating: "a", count: 1025))", "1")
    #expect(code(response) == "KeyTooLongError")
  }

  @Test(arguments: ["/nobody/a", "/../a", "/overlay/a"])
  func onlyKnownBucketsAreWritten(path: String) throws {
    let response = try LocalAWSFixture.writable().putObject(path, "1")
    #expect(response.status == 404)
    #expect(code(response) == "NoSuchBucket")
  }

  @Test func aBucketThatOnlyTheConfigurationNamesIsEmptyAtFirst() throws {
    #expect(code(try LocalAWSFixture.writable().s3("/results/a")) == "NoSuchKey")
    #expect(
      code(try LocalAWSFixture { $0.writableBuckets = ["results"] }.s3("/results/a"))
        == "NoSuchBucket")
  }

  @Test func aDeniedObjectIsNotWritten() throws {
    let fixture = try LocalAWSFixture.writable { $0.deniedObjects = ["results/a"] }
    #expect(code(try fixture.putObject("/results/a", "1")) == "AccessDenied")
    #expect(fixture.aws.storedObjects().isEmpty)
  }

  @Test(
    arguments: [
      ([("x-amz-copy-source", "/photos/a.jpg")], ""), ([], "tagging"), ([], "partNumber"),
    ] as [([(String, String)], String)])
  func otherOperationsThatPutAreNotImplemented(headers: [(String, String)], query: String) throws {
    let response = try LocalAWSFixture.writable().s3(
      "/results/a", method: "PUT", query: query.isEmpty ? [] : [(name: query, value: "1")],
      headers: headers)
    #expect(response.status == 501)
  }

  @Test func theStoredObjectsAreToldInTheOrderOfTheirLastWrites() throws {
    let fixture = try LocalAWSFixture.writable()
    for (key, body) in [("a", "1"), ("b", "2"), ("a", "3")] {
      #expect(try fixture.putObject("/results/\(key)", body).status == 200)
    }
    let stored = fixture.aws.storedObjects()
    #expect(stored.map(\.key) == ["b", "a"])
    #expect(stored.map { String(decoding: $0.bytes, as: UTF8.self) } == ["2", "3"])
    #expect(stored.map(\.sequence) == [2, 3])
    #expect(fixture.aws.storedObjects(writtenAfter: 2).map(\.key) == ["a"])
  }

  @Test func aLostFolderIsAnInternalError() throws {
    let fixture = try LocalAWSFixture.writable()
    try FileManager.default.removeItem(at: fixture.folder.appendingPathComponent("overlay"))
    let response = try fixture.putObject("/results/a", "1")
    #expect(response.status == 500)
    #expect(code(response) == "InternalError")
  }
}

@Suite struct PutObjectSignatureTests {
  @Test func aBodyThatWasNotSignedIsRefused() throws {
    let fixture = try LocalAWSFixture.writable()
    let response = try fixture.putObject("/results/a", "signed", sending: "sent..")
    #expect(response.status == 400)
    #expect(code(response) == "XAmzContentSHA256Mismatch")
    #expect(fixture.aws.storedObjects().isEmpty)
  }

  @Test func aWrongSecretIsSignatureDoesNotMatch() throws {
    let wrong = AWSCredentials(
      accessKeyID: credentials.accessKeyID, secretAccessKey: "other",
      sessionToken: credentials.sessionToken)
    let fixture = try LocalAWSFixture.writable()
    let response = try fixture.putObject("/results/a", "1", signedBy: wrong)
    #expect(response.status == 403)
    #expect(code(response) == "SignatureDoesNotMatch")
    #expect(fixture.aws.storedObjects().isEmpty)
  }

  @Test func aChecksumThatWasNotSignedIsRefused() throws {
    let fixture = try LocalAWSFixture.writable()
    let host = String(fixture.aws.s3BaseURL.dropFirst("http://".count))
    let signed = Signer().sign(
      SigningRequest(
        method: "PUT", path: "/results/a", headers: [HeaderField(name: "Host", value: host)],
        payloadHash: .of([]), style: .s3),
      credentials: credentials, region: "us-east-1", service: "s3", time: now())
    let response = try fixture.plain(
      "PUT", fixture.aws.s3BaseURL + signed.target,
      signed.headers.map { ($0.name, $0.value) } + [("x-amz-checksum-crc32", "AAAAAA==")])
    #expect(response.status == 403)
    #expect(fixture.aws.storedObjects().isEmpty)
  }
}
