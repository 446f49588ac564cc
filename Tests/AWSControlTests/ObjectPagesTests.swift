import AWSClient
import AWSControl
import OperationsSupport
import TestSupport
import Testing

@Suite struct ObjectPagesTests {
  private static let photos = S3Location(bucket: "photos", key: "in/")

  private func xml(_ root: String, _ content: String) -> ScriptedServer.Answer {
    .init(200, body: "<?xml version=\"1.0\"?>\n<\(root)>\(content)</\(root)>")
  }

  private func keys(_ pages: ObjectPages) throws -> [[String]] {
    var keys: [[String]] = []
    while let page = try pages.next() { keys.append(page.objects.map(\.key)) }
    return keys
  }

  /// As a proxy answers, whose sign-in page has status 200.
  @Test(arguments: ["<html>sign in</html>"])
  func otherDocumentIsNotAnEmptyBucket(body: String) throws {
    let fixture = try ControlFixture([.init(200, body: body)])
    let pages = ObjectPages(of: S3Location(bucket: "photos", key: ""), with: fixture.client)
    let error = #expect(throws: AWSError.self) { try pages.next() }
    #expect(error?.code == .malformedResponse)
  }

  @Test func objectHasAllThatTheListingSays() throws {
    let fixture = try ControlFixture([
      xml(
        "ListBucketResult",
        """
        <IsTruncated>false</IsTruncated><Contents><Key>in/a.jpg</Key>\
        <LastModified>2026-11-23T10:00:00.250Z</LastModified><ETag>&quot;5d41&quot;</ETag><Size>7</Size>\
        <StorageClass>GLACIER</StorageClass></Contents>
        """)
    ])
    let page = try ObjectPages(of: Self.photos, with: fixture.client).next()
    #expect(
      page?.objects == [
        ListedObject(
          key: "in/a.jpg", size: 7, lastModifiedUnixMilliseconds: 1_795_428_000_250,
          eTag: "\"5d41\"", storageClass: "GLACIER")
      ])
  }

  @Test func nextPageIsReadOnlyWhenItIsAskedFor() throws {
    let fixture = try ControlFixture([
      xml(
        "ListBucketResult",
        "<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>"
          + "<Contents><Key>in/a</Key><Size>1</Size></Contents>"),
      xml(
        "ListBucketResult",
        "<IsTruncated>false</IsTruncated><Contents><Key>in/b</Key><Size>1</Size></Contents>"),
    ])
    let pages = ObjectPages(of: Self.photos, after: "in/+", with: fixture.client)
    _ = try pages.next()
    #expect(fixture.requests.count == 1)
    #expect(try keys(pages) == [["in/b"]])
    #expect(try pages.next() == nil)
    #expect(
      fixture.requests.map(\.target) == [
        "/photos?encoding-type=url&list-type=2&prefix=in%2F&start-after=in%2F%2B",
        "/photos?continuation-token=t&encoding-type=url&list-type=2&prefix=in%2F",
      ])
  }

  /// XML cannot contain these characters; S3 encodes keys as forms do.
  @Test func encodedKeysAreDecodedOnce() throws {
    let fixture = try ControlFixture([
      xml(
        "ListBucketResult",
        "<IsTruncated>false</IsTruncated><EncodingType>url</EncodingType>"
          + "<Contents><Key>in/a%1Bb+c%2Bd%251B%26%3C</Key><Size>1</Size></Contents>")
    ])
    #expect(
      try keys(ObjectPages(of: Self.photos, with: fixture.client)) == [["in/a\u{1B}b c+d%1B&<"]])
  }

  @Test func keysOfAServerThatDoesNotEncodeAreTakenAsTheyAre() throws {
    let fixture = try ControlFixture([
      xml(
        "ListBucketResult",
        "<IsTruncated>false</IsTruncated><Contents><Key>in/a+b%20c&amp;&lt;d</Key><Size>1</Size></Contents>"
      )
    ])
    #expect(try keys(ObjectPages(of: Self.photos, with: fixture.client)) == [["in/a+b%20c&<d"]])
  }

  @Test func versionsAndDeleteMarkersKeepTheirOrder() throws {
    func version(_ name: String, _ id: String, _ latest: Bool) -> String {
      "<\(name)><Key>in/a</Key><VersionId>\(id)</VersionId><IsLatest>\(latest)</IsLatest>"
        + (name == "Version" ? "<Size>1</Size>" : "") + "</\(name)>"
    }
    let fixture = try ControlFixture([
      xml(
        "ListVersionsResult",
        "<IsTruncated>true</IsTruncated><EncodingType>url</EncodingType><NextKeyMarker>in/a+1</NextKeyMarker>"
          + "<NextVersionIdMarker>v2</NextVersionIdMarker>" + version("DeleteMarker", "v3", true)
          + version("Version", "v2", false)),
      xml(
        "ListVersionsResult",
        "<IsTruncated>false</IsTruncated>" + version("Version", "null", false)),
    ])
    let pages = ObjectPages(of: Self.photos, .versions, with: fixture.client)
    var versions: [ListedObject] = []
    while let page = try pages.next() { versions += page.objects }
    #expect(versions.map(\.versionID) == ["v3", "v2", "null"])
    #expect(versions.map(\.isDeleteMarker) == [true, false, false])
    #expect(versions.map(\.isLatest) == [true, false, false])
    #expect(
      fixture.requests.last?.target
        == "/photos?encoding-type=url&key-marker=in%2Fa%201&prefix=in%2F&version-id-marker=v2&versions="
    )
  }

  @Test func commonPrefixesAreRead() throws {
    let fixture = try ControlFixture([
      xml(
        "ListBucketResult",
        "<Prefix>in/</Prefix><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>"
          + "<CommonPrefixes><Prefix>in/a+b/</Prefix></CommonPrefixes>"
          + "<CommonPrefixes><Prefix>in/c/</Prefix></CommonPrefixes>")
    ])
    let page = try ObjectPages(of: Self.photos, delimiter: "/", with: fixture.client).next()
    #expect(page?.commonPrefixes == ["in/a b/", "in/c/"])
    #expect(fixture.requests[0].target.hasPrefix("/photos?delimiter=%2F&"))
  }

  @Test func emptyElementIsReadOnce() {
    let xml = XMLElement(Array("<a><b></b><b>1</b></a>".utf8))
    #expect(xml.elements("b").count == 2)
    #expect(xml.text("b") == "")
  }

  @Test func pageThatRepeatsItselfIsAnError() throws {
    let page = xml(
      "ListBucketResult",
      "<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>")
    let fixture = try ControlFixture([page])
    let pages = ObjectPages(of: Self.photos, with: fixture.client)
    _ = try pages.next()
    #expect(throws: AWSError.self) { try pages.next() }
  }

  @Test func missingPermissionIsNamed() throws {
    let denied = ScriptedServer.Answer(
      403, body: "<Error><Code>AccessDenied</Code><Message>no</Message></Error>")
    for (lists, permission) in [
      (ObjectPages.Lists.objects, "needs s3:ListBucket on"),
      (.versions, "needs s3:ListBucketVersions on"),
    ] {
      let fixture = try ControlFixture([denied])
      let error = #expect(throws: AWSError.self) {
        try ObjectPages(of: Self.photos, lists, with: fixture.client).next()
      }
      #expect(error?.advice.contains(permission) == true)
    }
  }
}

@Suite struct ISOTimeTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:00:00.5Z", 951_825_600_500),
    ("2026-11-23T10:00:00.123456Z", 1_795_428_000_123), ("2024-12-31T00:00:00Z", 1_735_603_200_000),
  ])
  func timeIsRead(text: String, milliseconds: Int64) {
    #expect(ISOTime.unixMilliseconds(text) == milliseconds)
  }

  @Test(arguments: [
    "", "2026-11-23", "2026-11-23T10:00:00", "2026-13-23T10:00:00Z", "2026-11-23T25:00:00Z",
    "2026-11-23T10:00:00+01:00", "2026-11-23T10:00:00.Z", "2026-11-2xT10:00:00Z",
    "2026-02-29T10:00:00Z", "2026-02-30T10:00:00Z", "2026-11-31T10:00:00Z",
  ])
  func anythingElseIsNotATime(text: String) {
    #expect(ISOTime.unixMilliseconds(text) == nil)
  }
}
