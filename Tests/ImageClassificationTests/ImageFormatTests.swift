import JSON
import Platform
import TestSupport
import Testing

@testable import ImageClassification

/// What kind of image is sent, and as what.
@Suite struct ImageFormatTests {
  private static func ftyp(_ brand: String) -> [UInt8] {
    [0, 0, 0, 24] + Array(("ftyp" + brand).utf8) + [0, 0, 0, 0]
  }

  static let kinds: [(bytes: [UInt8], type: String)] = [
    ([0xFF, 0xD8, 0xFF, 0xE0], "image/jpeg"),
    ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "image/png"),
    (Array("GIF87a".utf8), "image/gif"), (Array("GIF89a".utf8), "image/gif"),
    (Array("RIFF0000WEBPVP8 ".utf8), "image/webp"), (Array("BM0000".utf8), "image/bmp"),
    (Array("II*\0".utf8), "image/tiff"), (Array("MM\0*".utf8), "image/tiff"),
    (Array("RIFF0000WAVE".utf8), "application/x-image"),
    (Array("text".utf8), "application/x-image"),
    (ftyp("isom"), "application/x-image"), ([0xFF], "application/x-image"),
  ]

  @Test(arguments: kinds.indices)
  func eachKindIsSentWithItsOwnType(index: Int) throws {
    let (bytes, type) = Self.kinds[index]
    let fixture = try Fixture(
      s3: [Answer(200, [("Content-Type", "image/jpeg")], bytes: bytes)])
    defer { fixture.stop() }
    _ = try fixture.answer(notification("a"))
    #expect(fixture.endpoint.requests.first?.header("Content-Type") == type)
    #expect(fixture.endpoint.requests.first?.body == bytes)
  }

  @Test(arguments: [("heic", "HEIC"), ("mif1", "HEIC"), ("hevx", "HEIC"), ("avif", "AVIF")])
  func whatNoContainerDecodesIsRefusedWithAdvice(brand: String, name: String) throws {
    let fixture = try Fixture(s3: [Answer(200, bytes: Self.ftyp(brand))])
    defer { fixture.stop() }
    let (status, body) = try fixture.answer(consoleRequest)
    #expect(status == 415)
    #expect(body["error"]?["type"] == "Image.UnsupportedFormat")
    #expect(body["error"]?["message"]?.stringValue?.contains(name) == true)
    #expect(fixture.endpoint.requests.isEmpty)
  }

  @Test func aMapReplacesTheTypesThatItNames() throws {
    let environment = [
      "IMAGE_TYPE_MAP": "image/webp=image/x-image, image/heic=image/heic",
      "ENDPOINT_CONTENT_TYPE": "application/x-image",
    ]
    for (bytes, type) in [
      (Array("RIFF0000WEBP".utf8), "image/x-image"), (Self.ftyp("heic"), "image/heic"),
      ([0xFF, 0xD8, 0xFF], "application/x-image"),
    ] {
      let fixture = try Fixture(s3: [Answer(200, bytes: bytes)], environment: environment)
      defer { fixture.stop() }
      _ = try fixture.answer(notification("a"))
      #expect(fixture.endpoint.requests.first?.header("Content-Type") == type)
    }
  }

  @Test func tensorFlowGetsBase64AndTritonTheBytes() throws {
    for (request, type, body) in [
      ("tensorflow-b64", "application/json", #"{"instances":[{"b64":"/9j/2Q=="}]}"#),
      (
        "triton-binary", "application/vnd.sagemaker-triton.binary+json;json-header-size=0",
        "\u{FF}\u{D8}\u{FF}\u{D9}"
      ),
    ] {
      let fixture = try Fixture(environment: ["ENDPOINT_REQUEST": request])
      defer { fixture.stop() }
      _ = try fixture.answer(notification("a"))
      let sent = try #require(fixture.endpoint.requests.first)
      #expect(sent.header("Content-Type") == type)
      #expect(sent.body == body.unicodeScalars.map { UInt8($0.value) })
      #expect(try fixture.answer(#"{"url":"https://example.com/a"}"#).status == 400)
      #expect(fixture.endpoint.requests.count == 1)
    }
  }

  @Test func aRefusedTypeIsNamedWithTheSettings() throws {
    for (status, text) in [
      (415, "no"), (400, "Content type image/jpeg is not supported by this framework."),
    ] {
      let body =
        #"{"Message":"Received client error (\#(status)) from primary with message \"\#(text)\"","OriginalStatusCode":\#(status),"OriginalMessage":"\#(text)"}"#
      let fixture = try Fixture(
        endpoint: [Answer(424, [("x-amzn-ErrorType", "ModelError")], body: body)])
      defer { fixture.stop() }
      let message = try fixture.failure(notification("a")).message
      #expect(message.contains("The content type of the request was image/jpeg"))
      #expect(message.contains("ENDPOINT_CONTENT_TYPE"))
    }
  }

  @Test func aFolderOfTheConsoleIsSkipped() throws {
    let record = { (size: String) in
      #"{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"photos"},"object":{"key":"new/"\#(size)}}}]}"#
    }
    for event in [record(#","size":0"#), record("")] {
      let fixture = try Fixture(s3: [Answer(200)])
      defer { fixture.stop() }
      let (status, body) = try fixture.answer(event)
      #expect(status == 200)
      #expect(body["results"] == [])
      #expect(
        fixture.lines.all.contains { $0.contains("s3://photos/new/") && $0.contains("folder") })
      #expect(fixture.endpoint.requests.isEmpty)
    }
    let queued = try Fixture(s3: [Answer(200)])
    defer { queued.stop() }
    let text = JSONValue.string(record("")).serialized()
    let event =
      #"{"Records":[{"messageId":"1","eventSource":"aws:sqs","body":\#(String(decoding: text, as: UTF8.self))}]}"#
    guard case .answer(let answer) = queued.say(event) else { throw Fixture.Unexpected() }
    #expect(answer["batchItemFailures"] == [])
  }

  @Test func anUploadIsSniffedAsWell() throws {
    for (bytes, declared, sent) in [
      ("iVBORw0KGgo=", "image/jpeg", "image/png"), ("AAEC", "image/x-other", "image/x-other"),
      ("AAEC", "application/octet-stream", "application/x-image"),
    ] {
      let fixture = try Fixture()
      defer { fixture.stop() }
      let event =
        #"{"version":"2.0","requestContext":{"http":{"method":"POST"}},"headers":{"content-type":"\#(declared)"},"body":"\#(bytes)","isBase64Encoded":true}"#
      #expect(try fixture.answer(event).status == 200)
      #expect(fixture.endpoint.requests.first?.header("Content-Type") == sent)
    }
  }
}
