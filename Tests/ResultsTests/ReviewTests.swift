import AWSControl
import JSON
import Results
import Testing

@Suite struct ReviewTests {
  private func chosen(
    _ results: [StoredResult], by measure: ReviewSelection.Measure = .probability, limit: Int = 3,
    perClass: Int? = nil
  ) -> [String] {
    var selection = ReviewSelection(by: measure, limit: limit, limitPerClass: perClass)
    for result in results { selection.add(result) }
    return selection.chosen.map(\.result.document.image.key)
  }

  @Test func leastProbableComeFirst() throws {
    let results = try [("a", 0.9), ("b", 0.2), ("c", 0.5), ("d", 0.4)].map {
      try stored($0.0, [("x", $0.1)])
    }
    #expect(chosen(results) == ["b", "d", "c"])
    #expect(chosen(results.reversed()) == ["b", "d", "c"])
  }

  @Test func smallestMarginComesFirst() throws {
    let results = [
      try stored("wide", [("x", 0.5), ("y", 0.1)]),
      try stored("narrow", [("x", 0.6), ("y", 0.55)]),
      try stored("alone", [("x", 0.1)]),
    ]
    #expect(chosen(results, by: .margin) == ["narrow", "wide"])
  }

  @Test func evenDistributionHasTheHighestEntropy() throws {
    let results = [
      try stored("even", [("x", 0.34), ("y", 0.33), ("z", 0.33)]),
      try stored("two", [("x", 0.5), ("y", 0.5), ("z", 0)]),
      try stored("sure", [("x", 1), ("y", 0)]),
    ]
    #expect(chosen(results, by: .entropy) == ["even", "two", "sure"])
  }

  @Test func atMostSoManyOfAClass() throws {
    let results = try (0..<6).map { try stored("\($0)", [($0 < 4 ? "x" : "y", Double($0) / 10)]) }
    #expect(chosen(results, limit: 3, perClass: 2) == ["0", "1", "4"])
  }

  @Test func tasksHaveTheModelsChoiceAsPrediction() throws {
    var selection = ReviewSelection(by: .probability, limit: 1)
    selection.add(try stored("rex.jpg"))
    let json = ReviewTasks.json(selection.chosen) { "s3://\($0.bucket)/\($0.key)" }
    #expect(
      String(decoding: json.serialized(), as: UTF8.self)
        == #"[{"data":{"image":"s3://photos/rex.jpg","bucket":"photos","key":"rex.jpg","predicted":"001.Affenpinscher","#
        + #""probability":0.75},"predictions":[{"model_version":"dog-breeds/AllTraffic","score":0.75,"result":[{"#
        + #""id":"prediction","from_name":"class","to_name":"image","type":"choices","value":{"choices":["#
        + #""001.Affenpinscher"]}}]}]}]"#)
  }

  @Test func labelingInterfaceIsXMLWhateverTheClassesAre() {
    let text = ReviewTasks.labelConfiguration(["a\"b<c>&d", "\u{1B}x\n"])
    #expect(text.contains("<Choice value=\"a&quot;b&lt;c&gt;&amp;d\"/>"))
    #expect(text.contains("<Choice value=\"\u{FFFD}x&#10;\"/>"))
  }

  private func task(_ key: String, _ choices: String...) -> String {
    let annotations = choices.map {
      #"{"was_cancelled":false,"result":[{"from_name":"class","type":"choices","value":{"choices":["\#($0)"]}}]}"#
    }
    return
      #"{"data":{"image":"s3://photos/\#(key)","bucket":"photos","key":"\#(key)","predicted":"a"},"annotations":[\#(annotations.joined(separator: ","))]}"#
  }

  @Test func labelsComeBack() throws {
    let text =
      "[\(task("1.jpg", "a")),\(task("2,3.jpg", "b")),\(task("4.jpg")),\(task("5.jpg", "a", "b"))]"
    let reviewed = try ReviewedLabels(parsing: Array(text.utf8))
    #expect(reviewed.csv == "key,label\ns3://photos/1.jpg,a\n\"s3://photos/2,3.jpg\",b\n")
    #expect(reviewed.corrected == 1)
    #expect(reviewed.unlabeled == 1)
    #expect(reviewed.conflicts == [ImageReference(bucket: "photos", key: "5.jpg")])
  }

  /// The same photograph in two tasks.
  @Test func contradictingTasksLeaveNoLabel() throws {
    let text = "[\(task("1.jpg", "a")),\(task("2.jpg", "a")),\(task("1.jpg", "b"))]"
    let reviewed = try ReviewedLabels(parsing: Array(text.utf8))
    #expect(reviewed.labels.map(\.image.key) == ["2.jpg"])
    #expect(reviewed.conflicts.map(\.key) == ["1.jpg"])
  }

  @Test func versionsOfOneKeyHaveOneRow() throws {
    func text(_ second: String) -> String {
      ["a", second].enumerated().map {
        #"{"bucket":"b","key":"k","versionId":"v\#($0)","class":"\#($1)"}"#
      }.joined(separator: ",")
    }
    let same = try ReviewedLabels(parsing: Array("[\(text("a"))]".utf8))
    #expect(same.csv == "key,label\ns3://b/k,a\n")
    let different = try ReviewedLabels(parsing: Array("[\(text("b"))]".utf8))
    #expect(different.labels.isEmpty && different.conflicts.count == 1)
  }

  @Test func skippedAnnotationIsNotALabel() throws {
    let text =
      "[\(task("1.jpg", "a").replacing("\"was_cancelled\":false", with: "\"was_cancelled\":true"))]"
    #expect(try ReviewedLabels(parsing: Array(text.utf8)).unlabeled == 1)
  }

  @Test func shortExportIsReadToo() throws {
    let text = #"""
      [{"id":1,"image":"s3://photos/1.jpg","bucket":"photos","key":"1.jpg","predicted":"a","class":"b"},
       {"id":2,"image":"s3://photos/2.jpg","bucket":"photos","key":"2.jpg","predicted":"a","class":{"choices":["a"]}},
       {"id":3,"image":"s3://photos/3.jpg","bucket":"photos","key":"3.jpg","predicted":"a"}]
      """#
    let reviewed = try ReviewedLabels(parsing: Array(text.utf8))
    #expect(reviewed.labels.map(\.label) == ["b", "a"])
    #expect(reviewed.unlabeled == 1)
  }

  @Test(arguments: ["", "{}", "[1]", #"[{"data":{"image":"x"}}]"#])
  func anotherFileIsRefused(text: String) {
    #expect(throws: ResultProblem.self) { try ReviewedLabels(parsing: Array(text.utf8)) }
  }

  @Test(arguments: hostileKeys)
  func hostileKeyNeverBeginsAFormula(key: String) throws {
    var selection = ReviewSelection(by: .probability, limit: 1)
    selection.add(try stored(key))
    let task = try #require(ReviewTasks.json(selection.chosen) { _ in "u" }[0])
    guard case .object(var object) = task else { return }
    object.set(
      "annotations",
      to: [["result": [["from_name": "class", "value": ["choices": ["b"]]]]]])
    let reviewed = try ReviewedLabels(parsing: JSONValue.array([.object(object)]).serialized())
    #expect(reviewed.labels.map { Array($0.image.key.utf8) } == [Array(key.utf8)])
    #expect(
      reviewed.csv.dropFirst("key,label\n".count).drop { $0 == "\"" }.hasPrefix("s3://photos/"))
  }
}

@Suite struct AthenaQueryTests {
  @Test(arguments: ["results", "dogs.results_2026", "_a"])
  func plainNameIsATable(name: String) { #expect(AthenaQueries.isTableName(name)) }

  @Test(arguments: ["", "a.b.c", "a-b", "1a", "A", "a;drop table b", "a.", "\"a\""])
  func otherNameIsNot(name: String) { #expect(!AthenaQueries.isTableName(name)) }

  @Test func quoteInAPrefixStaysInItsString() {
    let keys = ResultKeys(S3Location(bucket: "kept", key: "it's"))
    let sql = AthenaQueries(keys, table: "results", threshold: 0.6).definition
    #expect(sql.contains("LOCATION 's3://kept/it''s/'"))
  }
}
