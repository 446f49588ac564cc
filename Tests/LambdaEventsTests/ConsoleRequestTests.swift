import LambdaEvents
import Testing

@Suite struct ConsoleRequestTests {
  private func location(_ text: String, defaultBucket: String? = nil) throws -> ImageLocation? {
    guard case .console(let request) = try decode(text, defaultBucket: defaultBucket) else {
      return nil
    }
    return request.location
  }

  @Test(arguments: [
    "https://example.com/a%20dog.jpg?x=1#y", "http://127.0.0.1:8080/lab.jpg",
    "HTTPS://EXAMPLE.COM/LAB.JPG",
  ])
  func webURLsAreKeptAsTheyAre(url: String) throws {
    #expect(try location(#"{"url":"\#(url)"}"#) == .url(url))
  }

  @Test(arguments: [
    "lab.jpg", "uploads/lab.jpg", "a+b%20c.jpg", "/lab.jpg", "a//b", "../b", "ü 🐕.jpg", "a:b",
    "://x", "a/b://c",
    "1ab://c",
  ])
  func anyOtherURLIsAKeyOfTheDefaultBucket(key: String) throws {
    let object = S3ObjectReference(bucket: "photos", key: key)
    #expect(try location(#"{"url":"\#(key)"}"#, defaultBucket: "photos") == .object(object))
  }

  @Test(arguments: [
    ("s3://b/k", "b", "k"), ("s3://b/a/b.jpg", "b", "a/b.jpg"), ("s3://b//a", "b", "/a"),
    ("s3://b/a//b/", "b", "a//b/"),
    ("s3://b/../k", "b", "../k"), ("s3://b/a+b%20c", "b", "a+b%20c"),
    ("S3://b/k?versionId=1#f", "b", "k?versionId=1#f"),
    ("s3://b/ü 🐕.jpg", "b", "ü 🐕.jpg"), ("s3://b/\u{301}k", "b", "\u{301}k"),
  ])
  func s3URLsAreTakenLiterally(url: String, bucket: String, key: String) throws {
    #expect(
      try location(#"{"url":"\#(url)"}"#) == .object(S3ObjectReference(bucket: bucket, key: key)))
  }

  @Test func bucketAndKeyAreTakenLiterally() throws {
    let object = S3ObjectReference(bucket: "b", key: "a+b%20c.jpg")
    #expect(
      try location(#"{"bucket":"b","key":"a+b%20c.jpg"}"#, defaultBucket: "other")
        == .object(object))
    #expect(object.rawKey == "a+b%20c.jpg")
  }

  @Test func aKeyAloneIsInTheDefaultBucket() throws {
    let object = S3ObjectReference(bucket: "photos", key: "k")
    #expect(try location(#"{"key":"k"}"#, defaultBucket: "photos") == .object(object))
    #expect(try location(#"{"key":"k","bucket":null}"#, defaultBucket: "photos") == .object(object))
  }

  @Test(arguments: [
    #"{"bucket":"b","key":"k","versionId":"v1"}"#, #"{"url":"s3://b/k","versionId":"v1"}"#,
    #"{"url":"k","versionId":"v1"}"#, #"{"key":"k","versionId":"v1","comment":"ignored"}"#,
  ])
  func everyObjectFormMayNameAVersion(text: String) throws {
    let object = S3ObjectReference(bucket: "b", key: "k", versionID: "v1")
    #expect(try location(text, defaultBucket: "b") == .object(object))
  }

  @Test(arguments: [nil, ""]) func withoutADefaultBucketTheErrorSaysWhatToSet(bucket: String?) {
    let advice = #"set IMAGE_BUCKET or send {"bucket": "...", "key": "..."}"#
    for field in ["url", "key"] {
      let error = refusal(of: #"{"\#(field)":"lab.jpg"}"#, defaultBucket: bucket)
      #expect(error?.errorType == "Event.MissingBucket")
      #expect(error?.message == #"\#(field) "lab.jpg" names no bucket: \#(advice)"#)
    }
  }

  @Test(arguments: [
    (#"{"bucket":"b"}"#, "key is missing"),
    (#"{"key":""}"#, "key is empty"),
    (#"{"key":7}"#, "key must be a string, not a number"),
    (#"{"key":null}"#, "key is missing"),
    (#"{"key":"k","bucket":{}}"#, "bucket must be a string, not an object"),
    (#"{"key":"k","bucket":"b","versionId":1}"#, "versionId must be a string, not a number"),
    (#"{"url":""}"#, "url is empty"),
    (#"{"url":["a"]}"#, "url must be a string, not an array"),
    (
      #"{"url":"k","key":"k"}"#,
      "key cannot be combined with url: give either url, or bucket and key"
    ),
    (
      #"{"url":"k","bucket":"b"}"#,
      "bucket cannot be combined with url: give either url, or bucket and key"
    ),
    (#"{"url":"s3://"}"#, #"url "s3://" must have the form s3://BUCKET/KEY"#),
    (#"{"url":"s3://b"}"#, #"url "s3://b" must have the form s3://BUCKET/KEY"#),
    (#"{"url":"s3://b/"}"#, #"url "s3://b/" must have the form s3://BUCKET/KEY"#),
    (#"{"url":"s3:///k"}"#, #"url "s3:///k" must have the form s3://BUCKET/KEY"#),
    (
      #"{"url":"ftp://h/k"}"#,
      #"url "ftp://h/k" must begin with s3://, https:// or http://, or be a key"#
    ),
    (
      #"{"url":"file:///etc/passwd"}"#,
      #"url "file:///etc/passwd" must begin with s3://, https:// or http://, or be a key"#
    ),
  ])
  func badRequestsAreRefusedByField(text: String, message: String) {
    let error = refusal(of: text, defaultBucket: "b")
    #expect(error?.message == message)
    #expect(error?.isConsoleRequest == true)
  }
}
