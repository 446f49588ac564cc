import AWSControl
import Foundation
import Testing
import TestSupport

@testable import Training

@Suite struct LocalTests {
  private var values: Hyperparameters {
    var values = Hyperparameters()
    values.architecture = .efficientnetLite0
    values.freezesBackbone = true
    values.epochs = 3
    values.learningRate = 0.02
    return values
  }

  @Test func commandHasThePlacesAndTheHyperparameters() throws {
    var training = LocalTraining(
      python: "/venv/bin/python", data: "photos", output: "out", hyperparameters: values)
    training.device = "cpu"
    let words = try training.command().words
    #expect(words.first == "/venv/bin/python")
    #expect(words[2].hasSuffix("code/train.py"))
    let text = words.dropFirst(3).joined(separator: " ")
    #expect(
      text
        == "--train photos --model-dir out/model --output-dir out --checkpoint-dir out/checkpoints "
        + "--archive out/model.tar.gz --device cpu --architecture efficientnet_lite0 --epochs 3 "
        + "--learning-rate 0.02 --freeze-backbone true")
  }

  @Test func environmentIsMadeOnce() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let python = LocalPython(environment: folder.path, variables: [:])
    let commands = try python.preparation()
    #expect(commands.map { $0.words[1...2].joined(separator: " ") } == ["-m venv", "-m pip"])
    #expect(commands[0].words.contains("--system-site-packages"))
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try python.confirm()
    #expect(try python.preparation().isEmpty)
  }

  @Test func statusOfTheProgramIsHandedOn() throws {
    let status = try ChildProcess.run(
      .init(["sh", "-c", "exit 7"]), environment: ProcessInfo.processInfo.environment,
      isInterrupted: { false }, sleep: { _ in })
    #expect(status == 7)
  }

  @Test func interruptionIsHandedToTheProgram() throws {
    let started = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: started) }
    // Tests that run in the background of a script inherit an ignored SIGINT, which no shell can trap.
    let disposition = signal(SIGINT, SIG_DFL)
    defer { signal(SIGINT, disposition) }
    let status = try ChildProcess.run(
      .init([
        "sh", "-c", "trap 'exit 9' INT; touch \"$0\"; while :; do sleep 0.05; done", started.path,
      ]),
      environment: ProcessInfo.processInfo.environment,
      isInterrupted: { FileManager.default.fileExists(atPath: started.path) },
      sleep: { Thread.sleep(forTimeInterval: Double($0) / 2000) })
    #expect(status == 9)
  }

  // MARK: User data

  @Test func userDataHasTheSettingsBehindItsFirstLine() throws {
    var machine = MachineUserData(
      code: "s3://b/code.tar.gz", data: "s3://b/it's here", output: "s3://b/out",
      hyperparameters: values)
    machine.maximumMinutes = 90
    let lines = try machine.script().split(separator: "\n").map(String.init)
    #expect(lines[0] == "#!/bin/bash")
    #expect(lines[1] == "export CODE_URI='s3://b/code.tar.gz'")
    #expect(lines[2] == #"export DATA_URI='s3://b/it'\''s here'"#)
    #expect(lines[5] == "export MAXIMUM_MINUTES='90'")
    #expect(lines[6].hasPrefix("# Trains on one EC2 machine"))
  }

  @Test func userDataWithALineBreakIsRefused() {
    let machine = MachineUserData(
      code: "s3://b/c", data: "s3://b/d\nreboot", output: "s3://b/o", hyperparameters: values)
    #expect(throws: Refusal.self) { try machine.script() }
  }
}
