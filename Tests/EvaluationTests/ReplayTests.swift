import AWSControl
import Foundation
import OperationsSupport
import Testing

@testable import Evaluation

@Suite struct ReplayTests {
  private let scripted: ScriptedLocalInvoke

  init() throws { scripted = try ScriptedLocalInvoke() }

  private func run(
    concurrency: Int = 1, answers: String? = nil, interruption: @escaping () -> Int32? = { nil }
  ) throws -> Evaluation {
    let program = ReplayProgram(
      path: scripted.program, arguments: ["--offline"],
      environment: ["PATH": "/usr/bin:/bin", "TOP_K": "1"], event: "direct")
    var replay = ReplayEvaluation(program, concurrency: concurrency)
    replay.answers = try answers.map { try AnswerFile(path: $0, model: "m") }
    replay.interruption = interruption
    let (files, _) = try PhotographFolder.list(
      scripted.photographs, rule: .folder, acceptsAnyImage: false)
    return try replay.run(files).evaluation(of: "m")
  }

  @Test func answersBelongToTheirPhotographs() throws {
    try scripted.add("pug/a.jpg", [("pug", 0.9), ("beagle", 0.1)])
    try scripted.add("pug/b.jpg", [("beagle", 0.6), ("pug", 0.4)])
    try scripted.add("beagle/c.jpg", [("beagle", 0.7), ("pug", 0.3)])
    let evaluation = try run(concurrency: 2)
    #expect(evaluation.top1 == Proportion(2, of: 3))
    #expect(evaluation.observations.map(\.key) == ["beagle/c.jpg", "pug/a.jpg", "pug/b.jpg"])
    #expect(evaluation.observations[2].truthProbability == 0.4)
    #expect(evaluation.observations.allSatisfy { $0.endpointMilliseconds == 40 })
    #expect(evaluation.observations.allSatisfy { $0.functionMilliseconds == 46.5 })
    #expect(scripted.commands.count == 2)
    #expect(scripted.commands[0].hasPrefix("--offline --event direct --output json /"))
  }

  @Test func failedPhotographHasTheReasonOfTheFunction() throws {
    try scripted.add("pug/a.jpg", [("pug", 0.9), ("beagle", 0.1)])
    try scripted.add(
      "pug/b.jpg",
      line: #"{"statusCode":424,"body":"{\"error\":{\"type\":\"E\",\"message\":\"m\"}}"}"#)
    try scripted.add("pug/c.jpg", line: #"{"errorType":"E.F","errorMessage":"E.F: g"}"#)
    let evaluation = try run()
    #expect(evaluation.top1 == Proportion(1, of: 1))
    #expect(evaluation.failures.map(\.reason) == ["E: m", "E.F: g"])
  }

  @Test func photographThatEndsTheProgramCostsOnlyItself() throws {
    try scripted.add("pug/a.jpg", [("pug", 1), ("beagle", 0)])
    try scripted.add("pug/b.jpg", line: "DIE")
    try scripted.add("pug/c.jpg", [("pug", 1), ("beagle", 0)])
    let evaluation = try run()
    #expect(evaluation.observations.count == 2)
    #expect(evaluation.failures.map(\.reason) == ["it has died"])
  }

  @Test func photographsInARowThatEndTheProgramCostOnlyThemselves() throws {
    try scripted.add("pug/a.jpg", [("pug", 1), ("beagle", 0)])
    for name in ["b", "c"] { try scripted.add("pug/\(name).jpg", line: "DIE") }
    try scripted.add("pug/d.jpg", [("pug", 1), ("beagle", 0)])
    let kept = scripted.folder.appendingPathComponent("answers.jsonl").path
    // The second time the first photograph without an answer is one of these.
    for _ in 0..<2 {
      let evaluation = try run(answers: kept)
      #expect(evaluation.observations.count == 2)
      #expect(evaluation.failures.map(\.key) == ["pug/b.jpg", "pug/c.jpg"])
    }
  }

  @Test func programThatCannotStartIsNotStartedForEachPhotograph() throws {
    for index in 0..<5 { try scripted.add("pug/\(index).jpg", line: "DIE") }
    let error = #expect(throws: Refusal.self) { try run() }
    #expect(error?.reason == "local-invoke classified nothing: it has died")
    #expect(scripted.commands.count == 1)
  }

  @Test func modelThatAnswersNothingIsGivenUp() throws {
    for index in 10..<40 {
      try scripted.add("pug/\(index).jpg", line: #"{"errorType":"E","errorMessage":"no endpoint"}"#)
    }
    let error = #expect(throws: Refusal.self) { try run() }
    #expect(error?.reason.contains("no endpoint") == true)
  }

  // MARK: Answers that are kept

  @Test func keptAnswersAreNotAskedForAgain() throws {
    let kept = scripted.folder.appendingPathComponent("answers.jsonl").path
    try scripted.add("pug/a.jpg", [("pug", 0.75), ("beagle", 0.25)])
    let first = try run(answers: kept)
    try scripted.add("pug/b.jpg", [("pug", 0.5), ("beagle", 0.25)])
    let second = try run(answers: kept)
    #expect(second.observations.count == 2)
    #expect(second.observations[0] == first.observations[0])
    #expect(scripted.commands.count == 2)
    #expect(!scripted.commands[1].contains("a.jpg"))
  }

  @Test func photographThatChangedIsAskedForAgain() throws {
    let kept = scripted.folder.appendingPathComponent("answers.jsonl").path
    try scripted.add("pug/a.jpg", [("pug", 0.75), ("beagle", 0.25)])
    _ = try run(answers: kept)
    try scripted.add("pug/a.jpg", [("beagle", 0.875), ("pug", 0.125)])
    #expect(try run(answers: kept).top1 == Proportion(0, of: 1))
  }

  @Test func lineThatWasNotFinishedIsAskedForAgain() throws {
    let kept = scripted.folder.appendingPathComponent("answers.jsonl").path
    try scripted.add("pug/a.jpg", [("pug", 0.75), ("beagle", 0.25)])
    _ = try run(answers: kept)
    let text = try String(contentsOfFile: kept, encoding: .utf8)
    try String(text.dropLast(20)).write(toFile: kept, atomically: false, encoding: .utf8)
    #expect(try run(answers: kept).observations.count == 1)
    #expect(scripted.commands.count == 2)
    #expect(try run(answers: kept).observations.count == 1)
    #expect(scripted.commands.count == 2)
  }

  @Test func answersOfAnotherModelAreRefused() throws {
    let kept = scripted.folder.appendingPathComponent("answers.jsonl").path
    try scripted.add("pug/a.jpg", [("pug", 0.75), ("beagle", 0.25)])
    _ = try run(answers: kept)
    let error = #expect(throws: Refusal.self) { try AnswerFile(path: kept, model: "other") }
    #expect(error?.reason.contains("answers of another model: m, not other") == true)
  }

  @Test func interruptionEndsTheProgramAndKeepsWhatWasAnswered() throws {
    let kept = scripted.folder.appendingPathComponent("answers.jsonl").path
    try scripted.add("pug/a.jpg", [("pug", 0.75), ("beagle", 0.25)])
    try scripted.add("pug/b.jpg", line: "WAIT")
    let error = #expect(throws: Refusal.self) {
      try run(answers: kept) { scripted.isWaiting ? SIGINT : nil }
    }
    #expect(error?.reason == "Interrupted after 1 of 2 photographs")
    try scripted.add("pug/b.jpg", [("pug", 0.75), ("beagle", 0.25)])
    #expect(try run(answers: kept).observations.count == 2)
  }

  @Test func photographsAreSharedOutAndNoneIsLost() {
    let files = (0..<7).map { LabeledFile(key: "\($0)", path: "/\($0)", label: nil, bytes: 1) }
    let parts = ReplayEvaluation.parts(files, 3)
    #expect(parts.map { $0.map(\.key) } == [["0", "3", "6"], ["1", "4"], ["2", "5"]])
    let long = (0..<1000).map {
      LabeledFile(
        key: "\($0)", path: "/\(String(repeating: "x", count: 1000))\($0)", label: nil, bytes: 1)
    }
    let many = ReplayEvaluation.parts(long, 1)
    #expect(many.count == 2)
    #expect(many.joined().map(\.key) == long.map(\.key))
  }

  @Test func thumbnailsOfAPageAreBounded() throws {
    let files = (0..<101).map { (key: "\($0)", path: "/x/\($0).jpg") }
    let path = ["PATH": "/usr/bin:/bin"]
    let small = ThumbnailProgram(path: scripted.program, environment: path)
    #expect(small.thumbnails(of: files).count == 100)
    let large = ThumbnailProgram(
      path: scripted.program, environment: path.merging(["PICTURE_BYTES": "100000"]) { $1 })
    // The 21st would be beyond 2 MiB.
    #expect(
      Set(large.thumbnails(of: Array(files.prefix(40))).keys) == Set((0..<20).map(String.init)))
  }

  @Test func thumbnailsAreOfTheirPhotographs() throws {
    let program = ThumbnailProgram(path: scripted.program, environment: ["PATH": "/usr/bin:/bin"])
    let made = program.thumbnails(of: [("k", "/x/a.jpg"), ("l", "/x/b.jpg")])
    #expect(made == ["k": "data:image/jpeg;base64,AAAA", "l": "data:image/jpeg;base64,AAAA"])
    #expect(
      ThumbnailProgram(path: "/nowhere", environment: [:]).thumbnails(of: [("k", "/x/a.jpg")])
        .isEmpty)
  }
}
