import ImageClassification
import Platform
import TestSupport
import Testing

@Suite struct ConfigurationTests {
  private func problem(_ environment: [String: String]) -> String? {
    var values = ["ENDPOINT_NAME": "dog-breeds", "AWS_REGION": "us-east-1"]
    for (name, value) in environment { values[name] = value }
    let error = #expect(throws: ConfigurationError.self) {
      try ImageClassifier(environment: Environment(values))
    }
    return error?.message
  }

  @Test func aMissingEndpointNameIsNamed() {
    #expect(problem(["ENDPOINT_NAME": ""])?.hasPrefix("ENDPOINT_NAME is not set") == true)
  }

  @Test(arguments: ["-x", "x-", "a b", "a/b", "ü", String(repeating: "x", count: 64)])
  func aMalformedEndpointNameIsRefused(name: String) {
    #expect(problem(["ENDPOINT_NAME": name])?.contains("1 to 63 letters") == true)
  }

  @Test func aMissingRegionIsNamed() {
    #expect(problem(["AWS_REGION": ""])?.hasPrefix("AWS_REGION is not set") == true)
  }

  @Test(arguments: [
    ("MODEL_OUTPUT", "guess"), ("INPUT_MODE", "url"), ("MAX_IMAGE_BYTES", "-1"),
    ("MAX_IMAGE_BYTES", "1e6"),
    ("CUSTOM_ATTRIBUTES", "a\nb"), ("ENDPOINT_ACCEPT", "ü"), ("ENDPOINT_VARIANT", "a_b"),
    ("MAX_CLASSES", "1"), ("REPLY_VALUES", "outputs"), ("REPLY_LABELS", "/a~2"),
    ("ENDPOINT_REQUEST", "grpc"), ("IMAGE_TYPE_MAP", "image/webp"), ("IMAGE_TYPE_MAP", "a=b"),
    ("INFERENCE_COMPONENT", "-"), ("CLASS_LABELS", "/nonexistent/labels.txt"),
    ("LOG_RESULTS", "no"), ("METRICS", "false"), ("ALLOW_OBJECT_INPUT", "true"),
    ("ALLOW_URL_INPUT", "yes"),
  ])
  func aMalformedVariableIsNamed(variable: String, value: String) {
    #expect(problem([variable: value])?.hasPrefix(variable) == true)
  }

  @Test(arguments: [("", "has no label"), ("a\n\nb\n", "empty line 2")])
  func aLabelFileThatCannotBeUsedSaysWhy(text: String, says: String) throws {
    let file = try TemporaryFile(text)
    #expect(problem(["CLASS_LABELS": file.path])?.contains(says) == true)
  }

  @Test func aURLCannotBeSentAsBytes() {
    let environment = ["INPUT_MODE": "presigned-url", "ENDPOINT_REQUEST": "triton-binary"]
    #expect(problem(environment)?.hasPrefix("ENDPOINT_REQUEST is triton-binary") == true)
  }

  @Test func aByteOrderMarkIsNotPartOfAName() throws {
    let file = try TemporaryFile("\u{FEFF}cat\ndog\nbird\n")
    let fixture = try Fixture(
      endpoint: [Answer(200, body: "[3, 1.5, -2]")], environment: ["CLASS_LABELS": file.path])
    defer { fixture.stop() }
    #expect(try fixture.answer(notification("a")).body["results"]?[0]?["class"] == "cat")
  }

  @Test func aLabelFileMayHaveTheLineBreaksOfWindows() throws {
    let file = try TemporaryFile("cat\r\ndog\r\nbird\r\n")
    let fixture = try Fixture(environment: ["CLASS_LABELS": file.path])
    defer { fixture.stop() }
    #expect(try fixture.answer(notification("a")).body["results"]?[0]?["class"] == "dog")
  }
}
