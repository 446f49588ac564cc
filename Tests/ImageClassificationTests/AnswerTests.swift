import JSON
import TestSupport
import Testing

@Suite struct AnswerTests {
  @Test func everyClassComesWithItsProbabilityHighestFirst() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let (status, body) = try fixture.answer(notification("uploads/a+b%C3%BC.jpg"))
    #expect(status == 200)
    #expect(body["endpoint"] == "dog-breeds")
    #expect(body["variant"] == "AllTraffic")
    let result = try #require(body["results"]?[0])
    #expect(
      result["source"]
        == ["bucket": "photos", "key": "uploads/a bü.jpg", "eTag": "tag", "sequencer": "0A"])
    #expect(result["class"] == "1")
    let probabilities = try #require(result["probabilities"]?.arrayValue)
    #expect(probabilities.map { $0["class"]?.stringValue } == ["1", "0", "2"])
    let values = probabilities.compactMap { $0["probability"]?.doubleValue }
    #expect(abs(values.reduce(0, +) - 1) < 1e-9)
    // Softmax of 3, 1.5, -2 is e^3 / (e^3 + e^1.5 + e^-2).
    #expect(abs(values[0] - 0.813095318) < 1e-6)
    #expect(result["probability"]?.doubleValue == values[0])
  }

  @Test func aModelOf133ClassesGetsTheBreeds() throws {
    let logits = (0..<133).map { $0 == 70 ? "9" : "-1" }.joined(separator: ",")
    let fixture = try Fixture(endpoint: [Answer(200, body: "[[\(logits)]]")])
    defer { fixture.stop() }
    let body = try fixture.answer(notification("a")).body
    #expect(body["results"]?[0]?["class"] == "071.German_shepherd_dog")
    let classes = body["results"]?[0]?["probabilities"]?.arrayValue?.compactMap {
      $0["class"]?.stringValue
    }
    #expect(classes?.count == 133)
    #expect(classes?[1] == "001.Affenpinscher", "equal probabilities keep the order of their index")
    #expect(classes?.last == "133.Yorkshire_terrier")
  }

  @Test func probabilitiesStayAsTheModelGaveThem() throws {
    let fixture = try Fixture(endpoint: [Answer(200, body: "[0.2, 0.7, 0.1001]")])
    defer { fixture.stop() }
    let result = try fixture.answer(notification("a")).body["results"]?[0]
    #expect(result?["probability"] == 0.7)
    #expect(result?["complete"] == nil)
  }

  @Test func logitsAreNotTakenForProbabilitiesWhenTheConfigurationSaysSo() throws {
    let fixture = try Fixture(
      endpoint: [Answer(200, body: "[0.5, 0.5]")], environment: ["MODEL_OUTPUT": "logits"])
    defer { fixture.stop() }
    #expect(try fixture.answer(notification("a")).body["results"]?[0]?["probability"] == 0.5)
  }

  @Test func enormousLogitsDoNotOverflow() throws {
    let fixture = try Fixture(endpoint: [Answer(200, body: "[[1e308, -1e308, 1e308]]")])
    defer { fixture.stop() }
    let result = try fixture.answer(notification("a")).body["results"]?[0]
    let values = result?["probabilities"]?.arrayValue?.compactMap { $0["probability"]?.doubleValue }
    #expect(values == [0.5, 0.5, 0])
  }

  @Test func aClassWithoutAProbabilityIsAnAnswer() throws {
    let labels = try TemporaryFile("cat\ndog\n")
    let environment = ["MODEL_OUTPUT": "class-index", "CLASS_LABELS": labels.path]
    let fixture = try Fixture(endpoint: [Answer(200, body: "[[1]]")], environment: environment)
    defer { fixture.stop() }
    let result = try fixture.answer(notification("a")).body["results"]?[0]
    #expect(result?["class"] == "dog")
    #expect(result?["probability"] == nil)
    #expect(result?["probabilities"] == [])
    #expect(!fixture.lines.all.contains { $0.contains("TopProbability") })
    let outside = try Fixture(endpoint: [Answer(200, body: "[[2]]")], environment: environment)
    defer { outside.stop() }
    let error = try outside.failure(notification("a"))
    #expect(error.errorType == "EndpointReply.LabelCount")
    #expect(error.message.contains("index 2") && error.message.contains("2 labels"))
  }

  @Test func theClassesWithTheHighestProbabilitiesAreKept() throws {
    let values = (0..<1_000).map { "\(Double($0 * 7_919 % 1_009) - 2_000)" }.joined(separator: ",")
    let reply = Answer(200, body: "[[\(values)]]")
    let whole = try Fixture(endpoint: [reply])
    defer { whole.stop() }
    let all = try whole.answer(notification("a")).body["results"]?[0]?["probabilities"]?.arrayValue
    for limit in [1, 5, 999, 1_000, 2_000] {
      let fixture = try Fixture(endpoint: [reply], environment: ["TOP_K": "\(limit)"])
      defer { fixture.stop() }
      let body = try fixture.answer(notification("a")).body
      #expect(
        body["results"]?[0]?["probabilities"]?.arrayValue == all.map { Array($0.prefix(limit)) })
    }
  }

  @Test func moreClassesThanTheLimitAreRefused() throws {
    let values = Array(repeating: "-1", count: 101).joined(separator: ",")
    for body in ["[[\(values)]]", "[[\(values),\(values),\(values),\(values)]]"] {
      let fixture = try Fixture(
        endpoint: [Answer(200, body: body)], environment: ["MAX_CLASSES": "100"])
      defer { fixture.stop() }
      let error = try fixture.failure(notification("a"))
      #expect(error.errorType == "EndpointReply.TooManyValues")
      #expect(error.message.contains("MAX_CLASSES"))
    }
  }

  @Test func anAnswerThatLambdaWouldRefuseIsNotWrittenToItsEnd() throws {
    let values = Array(repeating: "-1.5", count: 40_000).joined(separator: ",")
    let names = (0..<40_000).map { "\"\(String(repeating: "x", count: 130))\($0)\"" }
      .joined(separator: ",")
    let body = #"{"predictions":[[\#(values)]],"labels":[\#(names)]}"#
    for (topK, isAnswered) in [("40000", false), ("100", true)] {
      let fixture = try Fixture(
        endpoint: [Answer(200, body: body)], environment: ["TOP_K": topK])
      defer { fixture.stop() }
      if isAnswered {
        #expect(try fixture.answer(notification("a")).status == 200)
        continue
      }
      let error = try fixture.failure(notification("a"))
      #expect(error.errorType == "Runtime.ResponseTooLarge")
      #expect(error.message.contains("TOP_K"))
      #expect(try fixture.answer(consoleRequest).status == 502)
    }
  }

  @Test func manyRecordsAreAnsweredInTheirOrder() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let keys = (0..<20).map { "k\($0)" }
    let records = keys.map { #"{"s3":{"bucket":{"name":"photos"},"object":{"key":"\#($0)"}}}"# }
    let body = try fixture.answer(#"{"Records":[\#(records.joined(separator: ","))]}"#).body
    #expect(body["results"]?.arrayValue?.compactMap { $0["source"]?["key"]?.stringValue } == keys)
  }

  @Test func theEndpointGetsTheImageWithItsTypeAndTheConfiguredHeaders() throws {
    let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]
    let fixture = try Fixture(
      s3: [Answer(200, [("Content-Type", "text/plain")], bytes: png)],
      environment: [
        "ENDPOINT_VARIANT": "blue", "INFERENCE_COMPONENT": "part", "TARGET_MODEL": "m.tar.gz",
        "CUSTOM_ATTRIBUTES": "a=b",
      ])
    defer { fixture.stop() }
    _ = try fixture.answer(notification("a"))
    let request = try #require(fixture.endpoint.requests.first)
    #expect(request.body == png)
    #expect(request.header("Content-Type") == "image/png")
    #expect(request.header("Accept") == "application/json")
    #expect(request.header("X-Amzn-SageMaker-Target-Variant") == "blue")
    #expect(request.header("X-Amzn-SageMaker-Inference-Component") == "part")
    #expect(request.header("X-Amzn-SageMaker-Target-Model") == "m.tar.gz")
    #expect(request.header("X-Amzn-SageMaker-Custom-Attributes") == "a=b")
  }

  @Test func aConfiguredContentTypeReplacesTheGuess() throws {
    let fixture = try Fixture(environment: ["ENDPOINT_CONTENT_TYPE": "application/x-image"])
    defer { fixture.stop() }
    _ = try fixture.answer(notification("a"))
    #expect(fixture.endpoint.requests.first?.header("Content-Type") == "application/x-image")
  }

  @Test func aURLIsHandedToTheContainer() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let body = try fixture.answer(#"{"url":"https://example.com/dog.jpg"}"#).body
    #expect(body["results"]?[0]?["source"] == ["url": "https://example.com/dog.jpg"])
    let request = try #require(fixture.endpoint.requests.first)
    #expect(request.header("Content-Type") == "application/json")
    #expect(request.body == Array(#"{"url":"https://example.com/dog.jpg"}"#.utf8))
    #expect(fixture.s3.requests.isEmpty)
  }

  @Test func theVersionOfTheEventIsRead() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    _ = try fixture.answer(#"{"bucket":"photos","key":"a","versionId":"v 1"}"#)
    #expect(fixture.s3.requests.first?.target == "/photos/a?versionId=v%201")
  }

  @Test func aTestEventOfS3IsASuccessWithoutResults() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let event = #"{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"photos"}"#
    let (status, body) = try fixture.answer(event)
    #expect(status == 200)
    #expect(body["results"] == [])
    #expect(fixture.lines.all.contains { $0.contains("test event for bucket photos") })
  }

  @Test func removedObjectsAreSkippedWithALogLine() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let (status, body) = try fixture.answer(notification("gone", event: "ObjectRemoved:Delete"))
    #expect(status == 200)
    #expect(body["results"] == [])
    #expect(fixture.lines.all.contains { $0.contains("ObjectRemoved:Delete of s3://photos/gone") })
    #expect(fixture.s3.requests.isEmpty)
  }
}
