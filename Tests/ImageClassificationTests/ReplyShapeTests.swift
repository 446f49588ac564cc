import JSON
import TestSupport
import Testing

/// The shapes of replies that SageMaker containers send.
@Suite struct ReplyShapeTests {
  private func ranking(
    _ body: String, type: String = "application/json", environment: [String: String] = [:]
  ) throws -> [String] {
    let answer = Answer(200, [("Content-Type", type)], body: body)
    let fixture = try Fixture(endpoint: [answer], environment: environment)
    defer { fixture.stop() }
    let result = try fixture.answer(notification("a")).body["results"]?[0]
    return result?["probabilities"]?.arrayValue?.compactMap { $0["class"]?.stringValue } ?? []
  }

  @Test(arguments: [
    "[[0.1, 0.7, 0.2]]", "[0.1, 0.7, 0.2]", #"{"predictions": [[0.1, 0.7, 0.2]]}"#,
    #"{"predictions": [0.1, 0.7, 0.2]}"#, #"{"probabilities": [0.1, 0.7, 0.2]}"#,
    #"{"error": null, "predictions": [0.1, 0.7, 0.2]}"#,
    #"{"error": "", "dense": [0.1, 0.7, 0.2]}"#,
    #"{"prediction": "cat", "probabilities": [0.1, 0.7, 0.2]}"#,
    #"{"result": "cat", "data": {"a": 1}, "scores": [0.1, 0.7, 0.2]}"#,
    #"{"scores": [0.1, 0.7, 0.2], "heatmap": [[1, 2], [3, 4]]}"#,
    "\u{FEFF}[0.1, 0.7, 0.2]", #"[["0.1", "0.7", "0.2"]]"#, "[[[0.1, 0.7, 0.2]]]",
  ])
  func listsOfNumbersAreReadWhereverTheyStand(body: String) throws {
    #expect(try ranking(body) == ["1", "2", "0"])
  }

  @Test(arguments: [
    "0.1,0.7,0.2", "0.1, 0.7,\t0.2\r\n", "1e-1,7E-1,.2\n", "0.1\n0.7\n0.2\n",
    "\"0.1\",+0.7,\"0.2\"",
    "predicted_label,probabilities\n1,\"[0.1, 0.7, 0.2]\"\n",
    "\u{FEFF}0.1,0.7,0.2",
  ])
  func aRowOfCSVIsRead(body: String) throws {
    #expect(try ranking(body, type: "text/csv; charset=utf-8") == ["1", "2", "0"])
  }

  @Test func theLabelsOfAVerboseReplyAreUsed() throws {
    let body =
      #"{"probabilities":[0.1,0.7,0.2],"labels":["cat","dog","bird"],"predicted_label":"dog"}"#
    #expect(try ranking(body, type: "application/json;verbose") == ["dog", "bird", "cat"])
  }

  @Test func aLabelFileGoesBeforeTheLabelsOfTheReply() throws {
    let file = try TemporaryFile("A\nB\nC\n")
    let body = #"{"probabilities":[0.1,0.7,0.2],"labels":["cat","dog","bird"]}"#
    #expect(try ranking(body, environment: ["CLASS_LABELS": file.path]) == ["B", "C", "A"])
  }

  @Test(arguments: [
    ("0.1,0.7\n0.2,0.8\n", "text/csv", "SeveralRows"),
    ("0.1,,0.2", "text/csv", "NoNumbers"), ("cat,dog", "text/csv", "NoNumbers"),
    ("10 20 70", "text/csv", "NoNumbers"), ("0x1p3,1", "text/csv", "NoNumbers"),
    ("1_0,1", "text/csv", "NoNumbers"), ("", "text/csv", "Empty"), ("\n", "text/csv", "NoNumbers"),
    ("nan,1", "text/csv", "NotFinite"), ("-inf,1", "text/csv", "NotFinite"),
    (#"{"probabilities":[1,0],"labels":["a"]}"#, "application/json", "LabelCount"),
    (#"{"probabilities":"none"}"#, "application/json", "UnknownShape"),
    (#"{"predictions":[[]]}"#, "application/json", "NoNumbers"),
    ("[[0.1,0.9],[0.2,0.8]]", "application/json", "SeveralRows"),
    (#"[[{"label":"a","score":1}],[{"label":"a","score":1}]]"#, "application/json", "SeveralRows"),
    (#"{"a":[0.1,0.9],"b":[0.2,0.8]}"#, "application/json", "Ambiguous"),
    (
      #"{"a_probabilities":[0.1,0.9],"b_probabilities":[0.2,0.8],"logits":[1,-1]}"#,
      "application/json", "Ambiguous"
    ),
    (#"{"dense":[[0.1,0.9],[0.2,0.8]]}"#, "application/json", "SeveralRows"),
    (#"{"prediction":"cat","confidence":0.9}"#, "application/json", "UnknownShape"),
    (#"{"predicted_label":"cat"}"#, "application/json", "NoNumbers"),
    (#"{"CustomLabels":[]}"#, "application/json", "NoNumbers"),
    (#"{"confidence":0.7,"time_ms":0.2}"#, "application/json", "UnknownShape"),
    (#"{"latency":0.2,"id":0.5}"#, "application/json", "UnknownShape"),
    (#"{"embedding":[0.1,-0.7,0.3]}"#, "application/json", "UnknownShape"),
    ("score,threshold\n0.3,0.7\n", "text/csv", "UnknownShape"),
    (#"{"error":"out of memory","predictions":[]}"#, "application/json", "ContainerError"),
    (#"{"code":503,"message":"Prediction failed"}"#, "application/json", "ContainerError"),
    ("\u{93}NUMPY", "application/json", "NotJSON"),
    (#"[{"label":"a"},{"label":"b","score":1}]"#, "application/json", "UnknownShape"),
    (#"[["n1","tabby",0.46],["n2","cat",0.29]]"#, "application/json", "UnknownShape"),
    (
      #"{"outputs":[{"name":"p","datatype":"FP32","shape":[1,3],"data":[0.1,0.9]}]}"#,
      "application/json", "NotTriton"
    ),
    (#"[{"label":"dog","score":0.9,"box":{"xmin":1}}]"#, "application/json", "Detections"),
    (
      #"{"predictions":[{"class":"dog","confidence":0.9,"x":1,"width":2}]}"#, "application/json",
      "Detections"
    ),
    (#"{"CustomLabels":[{"Name":"cat","Confidence":0.97}]}"#, "application/json", "Percent"),
  ])
  func anythingElseIsRefused(body: String, type: String, reason: String) throws {
    let fixture = try Fixture(endpoint: [Answer(200, [("Content-Type", type)], body: body)])
    defer { fixture.stop() }
    let error = try fixture.failure(notification("a"))
    #expect(error.errorType == "EndpointReply." + reason)
    #expect(error.message.contains("a retry will not help"))
  }

  @Test(arguments: [
    ("/a/2", #"there is no "2" in an array of 2"#), ("/a/01", #"there is no "01" in an array"#),
    ("/b/*/p", #"there is no "p" in an object {q: a number}"#),
  ])
  func aPointerToNothingSaysWhereItEnds(pointer: String, words: String) throws {
    let fixture = try Fixture(
      endpoint: [Answer(200, body: #"{"a":[0.1,0.9],"b":[{"p":0.1},{"q":0.9}]}"#)],
      environment: ["REPLY_VALUES": pointer])
    defer { fixture.stop() }
    let error = try fixture.failure(notification("a"))
    #expect(error.errorType == "EndpointReply.NothingThere")
    #expect(error.message.contains(words), "\(error.message)")
  }
}
