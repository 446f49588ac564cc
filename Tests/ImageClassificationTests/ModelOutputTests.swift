import JSON
import Platform
import TestSupport
import Testing

@testable import ImageClassification

/// What numbers mean, by setting, by name, and by themselves.
@Suite struct ModelOutputTests {
  /// The probabilities of a reply in the order of its values.
  private func probabilities(
    _ body: String, _ output: String = "auto", type: String = "application/json"
  ) throws -> [Double] {
    try interpretation(body, output, type: type).probabilities
  }

  private func interpretation(
    _ body: String, _ output: String = "auto", type: String = "application/json"
  ) throws -> Interpretation {
    let environment = Environment(["MODEL_OUTPUT": output])
    let output = try ModelOutput(environment: environment)
    let rules = try ReplyRules(environment: environment, output)
    return try output.interpret(ReplyReader.read(Array(body.utf8), contentType: type, rules: rules))
  }

  private func refusal(_ body: String, _ output: String = "auto") -> ReplyError? {
    #expect(throws: ReplyError.self) { try interpretation(body, output) }
  }

  @Test(arguments: [
    "[[0.02]]", "[[0.98]]", "0.98", #"{"predictions":[[0.98]]}"#, #"{"predictions":[0.98]}"#,
    "[3.0]",
    #"{"predictions":[{"score":0.4,"predicted_label":0}]}"#, #"{"probabilities":[0.98]}"#,
    #"{"logits":[0.98]}"#,
  ])
  func oneValueIsRefusedWithTheSettingsThatReadIt(body: String) {
    let error = refusal(body)
    #expect(error?.reason == "OneValue")
    #expect(error?.message.contains("MODEL_OUTPUT=sigmoid") == true)
    #expect(refusal(body, "logits")?.reason == "OneValue", "softmax of one value is always 1")
  }

  @Test func oneSigmoidIsTwoClasses() throws {
    #expect(try probabilities("[[0.75]]", "sigmoid") == [0.25, 0.75])
    #expect(try probabilities("[[0]]", "sigmoid-logits") == [0.5, 0.5])
    #expect(try probabilities("[[-1e308]]", "sigmoid-logits") == [1, 0])
    #expect(refusal("[[1.5]]", "sigmoid")?.reason == "NotProbabilities")
  }

  @Test(arguments: [
    #"{"cat_proba":{"0":0.75}}"#, #"{"predictions":[[0.75]],"labels":["cat"]}"#,
  ])
  func oneSigmoidWithOneLabelIsRefusedWithBothCounts(body: String) throws {
    let fixture = try Fixture(
      endpoint: [Answer(200, body: body)], environment: ["MODEL_OUTPUT": "sigmoid"])
    defer { fixture.stop() }
    let error = try fixture.failure(notification("a"))
    #expect(error.errorType == "EndpointReply.LabelCount")
    #expect(error.message.contains("2 values and 1 labels"))
  }

  @Test func independentProbabilitiesStayAsTheyAre() throws {
    #expect(try probabilities("[0.9, 0.8, 0.1]", "sigmoid") == [0.9, 0.8, 0.1])
    let error = refusal("[0.9, 0.8, 0.1]")
    #expect(error?.reason == "NotProbabilities")
    #expect(error?.message.contains("MODEL_OUTPUT=sigmoid") == true)
  }

  @Test func aClassIndexIsAClassWithoutProbability() throws {
    #expect(try interpretation("2.0", "class-index").classIndex == 2)
    #expect(try interpretation(#"{"predictions":[{"score":2.0}]}"#, "class-index").classIndex == 2)
    let body = #"{"predictions":[{"classes":1,"probabilities":[0.1,0.9]}]}"#
    #expect(try interpretation(body, "class-index").classIndex == 1)
    for body in ["[0.5]", "[-1]", "[1, 2]"] {
      #expect(refusal(body, "class-index")?.reason == "NotAnIndex")
    }
  }

  @Test func percentagesAreRefusedUnlessTheyAreSaidToBeSome() throws {
    #expect(refusal("[97.3, 2.2, 0.5]")?.message.contains("MODEL_OUTPUT=percent") == true)
    #expect(try probabilities("[50, 25, 25]", "percent") == [0.5, 0.25, 0.25])
    #expect(refusal("[-1, 101]", "percent")?.reason == "NotPercent")
  }

  @Test func fractionsAreNotPercentages() throws {
    #expect(refusal("[0.3, 0.7]", "percent")?.message.contains("=probabilities") == true)
    let body = #"{"CustomLabels":[{"Name":"cat","Confidence":0.5}]}"#
    #expect(refusal(body)?.message.contains("MODEL_OUTPUT=probabilities") == true)
    #expect(try probabilities(body, "percent") == [0.005])
    #expect(try probabilities(body, "probabilities") == [0.5])
  }

  @Test func numbersInMessagesHaveNoDigitsOfBinaryFractions() {
    let message = refusal("[0.1, 0.2]")?.message ?? ""
    #expect(message.contains("sum 0.3,") && message.contains("(± 0.02)"), "\(message)")
    let above = refusal(#"{"probabilities":[1.05,0.5]}"#)?.message ?? ""
    #expect(above.contains("not all in 0…1"), "\(above)")
  }

  @Test func countsAreRefused() {
    #expect(refusal("[0, 3, 12]")?.reason == "WholeNumbers")
  }

  @Test(arguments: ["[0.3, 0.3]", "[0, 0, 0]", "[0.2, 0.2, 0.2, 0.2]"])
  func numbersBelowOneWithAnotherSumAreRefusedWithEverySettingToTry(body: String) {
    let message = refusal(body)?.message ?? ""
    for advice in ["cut off", "MODEL_OUTPUT=sigmoid", "MODEL_OUTPUT=logits"] {
      #expect(message.contains(advice))
    }
  }

  @Test func theNameOfTheNumbersGoesBeforeTheirLook() throws {
    // Logits that look like probabilities, and probabilities beside logits.
    #expect(try probabilities(#"{"logits":[0.5,0.5]}"#) == [0.5, 0.5])
    #expect(try probabilities(#"{"logits":[0.3,0.7]}"#) != [0.3, 0.7])
    #expect(
      try probabilities(#"{"predictions":[{"logits":[1,2],"probabilities":[0.3,0.7]}]}"#)
        == [0.3, 0.7])
    #expect(refusal(#"{"probabilities":[1.5,2.5]}"#)?.reason == "NotProbabilities")
  }

  @Test func theSettingGoesBeforeTheName() throws {
    #expect(try probabilities(#"{"logits":[0.3,0.7]}"#, "probabilities") == [0.3, 0.7])
  }

  @Test func minusInfinityIsAMaskedLogit() throws {
    #expect(try probabilities("[0, -Infinity, 0]", "logits") == [0.5, 0, 0.5])
    #expect(refusal("[0, -Infinity]")?.message.contains("MODEL_OUTPUT=logits") == true)
    for body in ["[NaN, 1]", "[Infinity, 1]", "[-Infinity, -Infinity]"] {
      #expect(refusal(body, "logits")?.reason == "NotFinite")
    }
  }

  @Test func aListOfTheBestKeepsItsProbabilitiesAndSaysThatItIsIncomplete() throws {
    let short = try interpretation(#"{"tabby":0.46,"cat":0.29}"#)
    #expect(short.probabilities == [0.46, 0.29])
    #expect(!short.isComplete)
    #expect(try interpretation(#"{"tabby":0.71,"cat":0.29}"#).isComplete)
    #expect(refusal(#"{"tabby":4.6,"cat":0.29}"#)?.reason == "NotProbabilities")
    #expect(refusal(#"{"tabby":0.9,"cat":0.8}"#)?.reason == "NotProbabilities")
  }

  @Test func roundedProbabilitiesAreStillProbabilities() throws {
    // Three decimals; bfloat16 and binary16 as Python prints them.
    for body in [
      "[0.333, 0.333, 0.333]", "[0.69921875, 0.2001953125, 0.10009765625]",
      "[0.89990234375, 0.0999755859375, 0.0]",
    ] {
      let values = try JSONValue(parsing: body).arrayValue?.compactMap(\.doubleValue)
      #expect(try probabilities(body) == values)
    }
    #expect(refusal("[0.33, 0.33, 0.31]")?.reason == "NotProbabilities")
  }

  @Test func roundingThatLosesMuchOfTheSumIsAcceptedOnlyByTheSetting() throws {
    // 132 classes that were rounded to 0 take 0.14 with them.
    let body = "[0.86" + String(repeating: ", 0.0", count: 132) + "]"
    #expect(refusal(body)?.message.contains("MODEL_OUTPUT") == true)
    #expect(try probabilities(body, "probabilities")[0] == 0.86)
    #expect(try probabilities(#"{"probabilities":\#(body)}"#)[0] == 0.86)
    #expect(refusal("[0.2, 0.2]", "probabilities")?.reason == "NotProbabilities")
  }

  @Test func aWarningThatTwoReadingsArePossibleComesOnce() throws {
    let fixture = try Fixture(endpoint: [Answer(200, body: "[0.3, 0.7]")])
    defer { fixture.stop() }
    for _ in 0..<3 { #expect(try fixture.answer(notification("a")).status == 200) }
    #expect(fixture.lines.all.filter { $0.contains("set MODEL_OUTPUT=probabilities") }.count == 1)
  }

  @Test func anAnswerDoesNotDependOnWhatCameBefore() throws {
    let bodies = ["[3.5, -1]", "[0.3, 0.7]", "[3.5, -1]"].map { Answer(200, body: $0) }
    let fixture = try Fixture(endpoint: bodies)
    defer { fixture.stop() }
    _ = try fixture.answer(notification("a"))
    #expect(try fixture.answer(notification("a")).body["results"]?[0]?["probability"] == 0.7)
  }
}
