import JSON
import LambdaEvents
import Testing

/// Requests in both formats, built from the same parts.
struct RequestParts {
  var method = "POST"
  var headers: [(String, String)] = [("content-type", "image/jpeg")]
  var body: JSONValue? = "/9j/"
  var isBase64Encoded: JSONValue? = true

  func event(_ format: ProxyFormat) -> [UInt8] {
    var event = JSONObject()
    var fields = JSONObject()
    for (name, value) in headers { fields.set(name, to: .string(value)) }
    switch format {
    case .version2, .functionURL:
      event.set("version", to: "2.0")
      event.set("rawPath", to: "/classify")
      let domain = format == .functionURL ? "abc.lambda-url.us-east-1.on.aws" : "abc.example.com"
      event.set(
        "requestContext",
        to: ["http": ["method": .string(method)], "domainName": .string(domain)])
    case .version1, .loadBalancer, .loadBalancerMultiValue:
      event.set("resource", to: "/{proxy+}")
      event.set("path", to: "/classify")
      event.set("httpMethod", to: .string(method))
      event.set("requestContext", to: ["stage": "prod"])
    }
    event.set("headers", to: .object(fields))
    if let body { event.set("body", to: body) }
    if let isBase64Encoded { event.set("isBase64Encoded", to: isBase64Encoded) }
    return JSONValue.object(event).serialized()
  }

  func request(
    _ format: ProxyFormat = .version2, defaultBucket: String? = nil
  ) throws -> ProxyRequest {
    guard
      case .http(let request) = try LambdaEvent.decode(
        event(format), defaultBucket: defaultBucket)
    else { throw OtherEvent() }
    return request
  }
}

@Suite struct ProxyRequestTests {
  @Test(arguments: [ProxyFormat.version1, .version2])
  func anImageIsReadFromEitherFormat(format: ProxyFormat) throws {
    let request = try RequestParts().request(format)
    #expect(request.format == format)
    #expect(request.method == "POST")
    #expect(request.path == "/classify")
    #expect(
      request.content == .success(.image(bytes: [0xFF, 0xD8, 0xFF], mediaType: "image/jpeg")))
  }

  @Test(arguments: [
    ("image/jpeg", "image/jpeg"), ("IMAGE/PNG", "image/png"),
    ("application/x-image", "application/x-image"), (" image/png ; q=1", "image/png"),
  ])
  func theMediaTypeIsReadWithoutCaseAndParameters(header: String, type: String) throws {
    let request = try RequestParts(headers: [("Content-Type", header)]).request()
    #expect(request.content == .success(.image(bytes: [0xFF, 0xD8, 0xFF], mediaType: type)))
  }

  @Test(arguments: ["content-type", "Content-Type", "CONTENT-TYPE"])
  func headersAreFoundInAnyCase(name: String) throws {
    let request = try RequestParts(headers: [(name, "image/png")]).request(.version1)
    #expect(request.headers["Content-Type"] == "image/png")
    #expect(request.headers["content-type"] == "image/png")
    #expect(request.headers["accept"] == nil)
    #expect(request.content.failure == nil)
  }

  @Test func multipleValuesOfFormat1AreJoined() throws {
    let text =
      #"{"httpMethod":"POST","requestContext":{},"headers":{"Accept":"b"},"multiValueHeaders":{"Accept":["a","b"],"X":[1],"Y":null}}"#
    guard case .http(let request) = try decode(text) else { throw OtherEvent() }
    #expect(request.headers["accept"] == "a, b")
    #expect(request.headers["x"] == nil)
  }

  @Test func headersOfBothMembersAreRead() throws {
    let text =
      #"{"httpMethod":"POST","requestContext":{},"headers":{"content-type":"image/png","Accept":"c"},"multiValueHeaders":{"accept":["a","b"]}}"#
    guard case .http(let request) = try decode(text) else { throw OtherEvent() }
    #expect(request.headers["Content-Type"] == "image/png")
    #expect(request.headers["Accept"] == "a, b")
  }

  @Test(arguments: [
    "image/gif", "image/webp", "image/jpg", "IMAGE/HEIC", "application/octet-stream",
  ])
  func bytesOfAnyTypeOfImageAreTaken(type: String) throws {
    let parts = RequestParts(
      headers: [("content-type", type)], body: .string("AAEC"), isBase64Encoded: true)
    let content = try parts.request().content
    #expect(content == .success(.image(bytes: [0, 1, 2], mediaType: type.lowercased())))
  }

  @Test func aRequestWithoutHeadersIsStillARequest() throws {
    let text =
      #"{"httpMethod":"POST","requestContext":{},"headers":null,"multiValueHeaders":null,"body":"x"}"#
    guard case .http(let request) = try decode(text) else { throw OtherEvent() }
    #expect(request.path == "/")
    #expect(request.content.failure?.httpStatus == 415)
  }

  @Test(arguments: [
    JSONValue.string(#"{"bucket":"b","key":"a+b"}"#), .string(#"{"key":"a+b"}"#),
    .string(#"{"url":"s3://b/a+b"}"#),
  ])
  func consoleFormsAreReadFromAJSONBody(body: JSONValue) throws {
    let object = S3ObjectReference(bucket: "b", key: "a+b")
    let parts = RequestParts(
      headers: [("content-type", "application/json; charset=utf-8")], body: body,
      isBase64Encoded: nil)
    for format in [ProxyFormat.version1, .version2] {
      #expect(
        try parts.request(format, defaultBucket: "b").content
          == .success(.reference(ConsoleRequest(location: .object(object)))))
    }
  }

  @Test func aJSONBodyMayComeInBase64() throws {
    let parts = RequestParts(
      headers: [("content-type", "application/json")], body: "eyJ1cmwiOiJodHRwczovL2gvayJ9")
    #expect(
      try parts.request().content
        == .success(.reference(ConsoleRequest(location: .url("https://h/k")))))
  }

  @Test(arguments: [
    (
      "{", "Event.NotJSON",
      "the body is not JSON: the key of a member is missing at byte 1; accepted: "
        + consoleForms
    ),
    ("[]", "Event.Unknown", "the body is an array, not an object; accepted: " + consoleForms),
    (
      #"{"Records":[]}"#, "Event.Unknown",
      #"the body does not name an image, it has the members "Records"; accepted: "# + consoleForms
    ),
    (#"{"key":""}"#, "Event.MissingField", "key is empty"),
    (
      #"{"key":"k"}"#, "Event.MissingBucket",
      #"key "k" names no bucket: set IMAGE_BUCKET or send {"bucket": "...", "key": "..."}"#
    ),
  ])
  func aBadJSONBodyIsRefusedWith400(body: String, type: String, message: String) throws {
    let parts = RequestParts(
      headers: [("content-type", "application/json")], body: .string(body), isBase64Encoded: false)
    let error = try #require(try parts.request().content.failure)
    #expect(error.errorType == type)
    #expect(error.message == message)
    #expect(error.httpStatus == 400)
    #expect(error.isConsoleRequest)
  }

  @Test(arguments: [
    "text/plain", "image/", "imag/jpeg", "image/jpeg, image/png", "application/xml",
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
  ])
  func anotherMediaTypeIsRefusedWith415(type: String) throws {
    let error = try #require(
      try RequestParts(headers: [("content-type", type)]).request().content.failure)
    #expect(error.errorType == "Event.UnsupportedMediaType")
    #expect(error.httpStatus == 415)
    #expect(
      error.message.hasSuffix(
        "accepted: image/jpeg and the other types of images, application/x-image, application/octet-stream, and application/json"
      ))
  }

  @Test(arguments: [[], [("content-type", "")], [("content-type", "; charset=utf-8")]])
  func aMissingMediaTypeIsRefusedWith415(headers: [(String, String)]) throws {
    let error = try #require(try RequestParts(headers: headers).request().content.failure)
    #expect(error.httpStatus == 415)
    #expect(error.message.hasPrefix("Content-Type is missing; "))
  }

  @Test(arguments: [nil, JSONValue.null, ""]) func aMissingBodyIsRefusedWith400(body: JSONValue?)
    throws
  {
    for headers in [[("content-type", "image/jpeg")], []] {
      let error = try #require(
        try RequestParts(headers: headers, body: body).request().content.failure)
      #expect(error.errorType == "Event.MissingBody")
      #expect(error.message == "the request has no body")
      #expect(error.httpStatus == 400)
    }
  }

  @Test(arguments: [
    (JSONValue.array([]), JSONValue.bool(true), "body must be a string, not an array"),
    ("/9j/", "true", "isBase64Encoded must be true or false, not a string"),
    ("/9j", true, "body is not base64: its 3 characters are not a multiple of 4"),
    (
      "/9j/", false,
      "the image arrived as text, not as bytes: add image/jpeg to the binary media types of the REST API"
    ),
  ])
  func aBadImageBodyIsRefusedWith400(
    body: JSONValue, isBase64Encoded: JSONValue, message: String
  ) throws {
    let parts = RequestParts(body: body, isBase64Encoded: isBase64Encoded)
    let error = try #require(try parts.request().content.failure)
    #expect(error.message == message)
    #expect(error.httpStatus == 400)
    #expect(error.isConsoleRequest)
  }

  @Test(arguments: ["OPTIONS", "options"]) func optionsAskWhatIsAllowed(method: String) throws {
    let parts = RequestParts(method: method, headers: [], body: nil)
    #expect(try parts.request(.version1).content == .success(.options))
    #expect(try parts.request(.version2).content == .success(.options))
  }

  @Test(arguments: ["GET", "HEAD", "PUT", "DELETE", "a\nb"])
  func anotherMethodIsRefusedWith405(method: String) throws {
    let error = try #require(try RequestParts(method: method).request().content.failure)
    #expect(error.errorType == "Event.MethodNotAllowed")
    #expect(error.httpStatus == 405)
    #expect(error.message.hasSuffix("allowed: OPTIONS, POST"))
    #expect(!error.message.contains("\n"))
  }

  @Test(arguments: [
    (#"{"requestContext":{"http":{}}}"#, "requestContext.http.method is missing"),
    (
      #"{"requestContext":{"http":{"method":7}}}"#,
      "requestContext.http.method must be a string, not a number"
    ),
    (#"{"requestContext":{},"httpMethod":null}"#, "httpMethod is missing"),
  ])
  func aRequestWithoutAMethodIsRefusedAsAWhole(text: String, message: String) {
    #expect(refusal(of: text)?.message == message)
    #expect(refusal(of: text)?.isConsoleRequest == false)
  }

  @Test(arguments: [
    ("gzip", true), ("GZIP", true), ("deflate, gzip;q=1.0", true), ("x-gzip", true), ("*", true),
    ("br , gzip ; q=0.5", true), ("gzip;q=0.001", true), ("", false), ("br", false),
    ("identity", false), ("gzip;q=0", false), ("gzip;q=0.000", false), ("*, gzip;q=0", false),
    ("*;q=0", false), ("gzipped", false), (",,;,", false),
  ])
  func gzipIsReadFromAcceptEncoding(value: String, accepts: Bool) throws {
    let parts = RequestParts(
      headers: [("content-type", "image/jpeg"), ("accept-encoding", value)])
    #expect(try parts.request(.version2).acceptsGzip == accepts)
    #expect(try parts.request(.version1).acceptsGzip == false, "a REST API does not decode base64")
  }

  @Test func noAcceptEncodingIsNoGzip() throws {
    #expect(try RequestParts().request().acceptsGzip == false)
  }
}
