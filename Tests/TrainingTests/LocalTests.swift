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
