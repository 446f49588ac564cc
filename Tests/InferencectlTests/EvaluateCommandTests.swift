import Foundation
import JSON
import OperationsSupport
import TestSupport
import Testing

@testable import inferencectl

@Suite struct EvaluateCommandTests {
  private let scripted: ScriptedLocalInvoke

  init() throws {
    scripted = try ScriptedLocalInvoke()
    try scripted.add("pug/a.jpg", [("pug", 0.9), ("beagle", 0.1)])
    try scripted.add("pug/b.jpg", [("beagle", 0.6), ("pug", 0.4)])
    try scripted.add("001.Beagle/c.jpg", [("beagle", 0.7), ("pug", 0.3)])
    try scripted.add("borzoi/d.jpg", [("beagle", 0.7), ("pug", 0.3)])
  }

  private func run(_ arguments: String..., folder: String? = nil) -> CommandRun {
    CommandRun(
      ["evaluate", folder ?? scripted.photographs, "--local-invoke", scripted.program] + arguments,
      environment: ["PATH": "/usr/bin:/bin"])
  }

  private func file(_ name: String) -> String { scripted.folder.appendingPathComponent(name).path }

  private func saveOld() throws -> String {
    let old = run("--output", "json")
    #expect(old.status == 0, "\(old.errors)")
    try old.output.write(toFile: file("old.json"), atomically: true, encoding: .utf8)
    return file("old.json")
  }

  @Test func figuresArePrinted() throws {
    let run = run()
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("classified 4 photographs; 3 have a label that is a class"))
    #expect(run.output.contains(#/\ntop 1 +66\.7 % /#))
    #expect(run.output.contains("LABEL WITHOUT A CLASS  PHOTOGRAPHS  FOR EXAMPLE\nborzoi"))
    #expect(run.errors.contains("4 photographs with 3 labels, for the built-in model"))
  }

  @Test func modelIsPassedOn() throws {
    #expect(run("--container", "http://127.0.0.1:1", "--class-labels", "l.txt").status == 0)
    #expect(run("--model", "m.tar.gz").status == 0)
    #expect(
      run("--endpoint-name", "dogs", "--region", "us-east-1", "--concurrency", "1").status == 0)
    let commands = scripted.commands
    #expect(
      commands[0].hasPrefix("--container http://127.0.0.1:1 --labels l.txt --event direct --output")
    )
    #expect(commands[1].hasPrefix("--model m.tar.gz --event direct"))
    #expect(commands[2].hasPrefix("--aws --region us-east-1 --event http"))
  }

  @Test func tableAndPatternReplaceTheFolders() throws {
    try "key,label\npug/b.jpg,beagle\n".write(
      toFile: file("l.csv"), atomically: true, encoding: .utf8)
    let table = run("--labels", file("l.csv"), "--output", "json")
    #expect(try JSONValue(parsing: table.output)["top1"]?["total"] == 1)
    let pattern = run("--label-pattern", "^([a-z]+)/", "--output", "json")
    #expect(try JSONValue(parsing: pattern.output)["top1"]?["total"] == 2)
  }

  // MARK: The verdict

  @Test(arguments: [("0.6", 0), ("0.7", 4), ("67%", 4), ("66%", 0)] as [(String, Int32)])
  func modelBelowTheLimitDoesNotPass(limit: String, status: Int32) {
    let run = run("--fail-below", limit)
    #expect(run.status == status)
    #expect(run.errors.contains("Not good enough") == (status != 0))
    #expect(run.output.contains("top 1"))
  }

  @Test func failedPhotographsCountAsWrongForTheLimit() throws {
    try scripted.add("pug/e.jpg", line: #"{"errorType":"E","errorMessage":"m"}"#)
    let run = run("--fail-below", "0.6")
    #expect(run.status == 4)
    #expect(run.errors.contains("2 of 4 photographs (50.0 %) are classified correctly"))
    #expect(self.run("--fail-below", "50%").status == 0)
  }

  @Test func sameModelHasNoFlips() throws {
    let run = run("--compare", try saveOld(), "--max-flips", "0", "--fail-if-worse")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("another class: 0 of 4 photographs (0.0 %)"))
  }

  @Test func tooManyFlipsDoNotPass() throws {
    let old = try saveOld()
    try scripted.add("pug/a.jpg", [("beagle", 0.9), ("pug", 0.1)])
    let passed = run("--compare", old, "--max-flips", "25%")
    #expect(passed.status == 0, "\(passed.errors)")
    let failed = run("--compare", old, "--max-flips", "24%", "--output", "json")
    #expect(failed.status == 4)
    #expect(failed.errors.contains("1 of 4 photographs (25.0 %) have another class"))
    let comparison = try JSONValue(parsing: failed.output)["comparison"]
    #expect(comparison?["changes"]?[0]?["key"] == "pug/a.jpg")
    #expect(comparison?["mcnemar"]?["lost"] == 1)
  }

  @Test func worseModelDoesNotPass() throws {
    for index in 0..<9 {
      try scripted.add("pug/more-\(index).jpg", [("pug", 0.9), ("beagle", 0.1)])
    }
    let old = try saveOld()
    for index in 0..<9 {
      try scripted.add("pug/more-\(index).jpg", [("beagle", 0.9), ("pug", 0.1)])
    }
    #expect(run("--compare", old).status == 0)
    let worse = run("--compare", old, "--fail-if-worse")
    #expect(worse.status == 4)
    #expect(worse.errors.contains("significantly worse"))
  }

  @Test func modelWithoutAJudgedPhotographDoesNotPassAsNotWorse() throws {
    let old = file("old.json")
    try #"{"format":1,"model":"m","photographs":[{"key":"pug/a.jpg","class":"pug"}]}"#.write(
      toFile: old, atomically: true, encoding: .utf8)
    let run = run("--compare", old, "--fail-if-worse")
    #expect(run.status == 4)
    #expect(run.errors.contains("cannot decide"))
  }

  @Test func evaluationOfOtherPhotographsIsNotCompared() throws {
    let old = file("old.json")
    try #"{"format":1,"model":"m","photographs":[{"key":"x/1.jpg","class":"pug"}]}"#.write(
      toFile: old, atomically: true, encoding: .utf8)
    let run = run("--compare", old)
    #expect(run.status == 1)
    #expect(run.errors.contains("its keys are like x/1.jpg, these like 001.Beagle/c.jpg"))
  }

  // MARK: Files

  @Test func pageAndResultAreWritten() throws {
    let run = run("--report", file("page.html"), "--save", file("new.json"))
    #expect(run.status == 0, "\(run.errors)")
    let page = try String(contentsOfFile: file("page.html"), encoding: .utf8)
    #expect(page.contains("<img src=\"data:image/jpeg;base64,AAAA\""))
    let compared = self.run("--compare", file("new.json"), "--max-flips", "0")
    #expect(compared.status == 0, "\(compared.errors)")
  }

  @Test func resultIsPrintedAlthoughAFileCannotBeWritten() throws {
    try FileManager.default.createSymbolicLink(
      atPath: file("full.json"), withDestinationPath: "/dev/full")
    let run = run("--save", file("full.json"))
    #expect(run.status == 1)
    #expect(run.output.contains("classified 4 photographs"))
    #expect(run.errors.contains("cannot be written"))
  }

  @Test func saveAndReportAreTwoFiles() {
    let run = run("--save", file("one"), "--report", file("one"))
    #expect(run.errors.contains("--save and --report must be two files"))
    #expect(!FileManager.default.fileExists(atPath: file("one")))
  }

  @Test func linkIsWrittenThroughNotReplaced() throws {
    try FileManager.default.createSymbolicLink(
      atPath: file("link.json"), withDestinationPath: file("target.json"))
    #expect(run("--save", file("link.json")).status == 0)
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: file("link.json"))
        == file("target.json"))
    #expect(FileManager.default.fileExists(atPath: file("target.json")))
  }

  @Test func filesThatCannotBeWrittenAreRefusedBeforeTheRun() {
    let run = run("--report", "/nowhere/page.html")
    #expect(run.status == 1)
    #expect(run.errors.contains("the folder /nowhere does not exist"))
    #expect(scripted.commands.isEmpty)
  }

  @Test func emptyFolderNameIsNotTheCurrentFolder() {
    #expect(run(folder: "").status == 2)
    #expect(scripted.commands.isEmpty)
  }

  @Test func dryRunSendsNothing() throws {
    let run = run("--dry-run", "--model", "m.tar.gz", "--output", "json")
    #expect(run.status == 0, "\(run.errors)")
    let plan = try JSONValue(parsing: run.output)
    #expect(plan["commands"]?[0]?.stringValue?.contains("--model m.tar.gz --event direct") == true)
    #expect(scripted.commands.isEmpty)
  }

  @Test func keptAnswersAreOfOneStateOfTheModel() throws {
    let model = file("model.tar.gz")
    try "1".write(toFile: model, atomically: true, encoding: .utf8)
    let arguments = ["--model", model, "--answers", file("answers.jsonl")]
    func again() -> CommandRun {
      CommandRun(
        ["evaluate", scripted.photographs, "--local-invoke", scripted.program] + arguments,
        environment: ["PATH": "/usr/bin:/bin"])
    }
    #expect(again().status == 0)
    #expect(again().status == 0)
    #expect(scripted.commands.count == 1)
    try "22".write(toFile: model, atomically: true, encoding: .utf8)
    let other = again()
    #expect(other.status == 1)
    #expect(other.errors.contains("has answers of another model"))
  }

  // MARK: Usage

  @Test(arguments: [
    (["evaluate"], "Specify a folder"),
    (["evaluate", "f", "--results", "s3://bucket/r"], "Specify a folder"),
    (["evaluate", "f", "--model", "m", "--container", "http://h"], "cannot be combined"),
    (["evaluate", "f", "--max-flips", "2%"], "require --compare"),
    (["evaluate", "f", "--fail-below", "90"], "--fail-below"),
    (["evaluate", "f", "--labels", "l", "--label-pattern", "p"], "cannot be combined"),
    (["evaluate", "--results", "s3://bucket/r", "--model", "m"], "cannot be combined"),
    (["evaluate", "f", "--concurrency", "0"], "1 to 32"),
  ])
  func wrongUsageIsStatus2(arguments: [String], text: String) {
    let run = CommandRun(arguments)
    #expect(run.status == 2)
    #expect(run.errors.contains(text), "\(run.errors)")
  }

  @Test func folderThatDoesNotExistIsNamed() {
    let run = run(folder: "/nowhere/photos")
    #expect(run.status == 1)
    #expect(run.errors.contains("the folder /nowhere/photos does not exist"))
  }

  @Test func missingLocalInvokeIsNamed() {
    let run = CommandRun(["evaluate", scripted.photographs, "--local-invoke", "/nowhere/x"])
    #expect(run.status == 1)
    #expect(run.errors.contains("/nowhere/x is not an executable file"))
  }
}
