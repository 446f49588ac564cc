import AWSControl
import Foundation
import JSON
import TestSupport
import Testing
import Training

@Suite struct TuningTests {
  @Test func pointsLieInTheirRangesAndFillThem() {
    let points = TuningSpace().points(200, seed: 1)
    #expect(points.allSatisfy { (0.001...0.1).contains($0.learningRate) })
    #expect(points.allSatisfy { (32...512).contains($0.batchSize) })
    // On a logarithmic scale half of them lie below the geometric mean.
    #expect((90...110).contains(points.count { $0.learningRate < 0.01 }))
    #expect((90...110).contains(points.count { $0.batchSize < 128 }))
  }

  @Test func sameSeedGivesTheSamePoints() {
    let space = TuningSpace()
    #expect(space.points(5, seed: 3).map(\.batchSize) == space.points(5, seed: 3).map(\.batchSize))
    #expect(
      space.points(5, seed: 3).map(\.learningRate) != space.points(5, seed: 4).map(\.learningRate))
  }

  @Test func trialsAreRankedBestFirstAndThoseWithoutAValueLast() {
    let trials = [("a", 0.5), ("b", nil), ("c", 0.2), ("d", 0.5)].map {
      TuningTrial(name: $0.0, status: "Completed", parameters: [:], loss: $0.1)
    }
    #expect(TuningTrial.ranked(trials, objective: "Minimize").map(\.name) == ["c", "a", "d", "b"])
    #expect(TuningTrial.ranked(trials, objective: "Maximize").map(\.name) == ["a", "d", "c", "b"])
  }

  @Test func reportOfARunIsATrial() throws {
    let report = try TemporaryFile(
      #"""
      {"arguments":{"learning_rate":0.02,"batch_size":64},"seconds":12.5,
       "history":[{"validation_loss":0.9},{"validation_loss":0.4},{"validation_loss":0.6}]}
      """#)
    let trial = try TuningTrial(name: "t", report: report.path)
    #expect(trial.loss == 0.4)
    #expect(trial.parameters == ["learning-rate": 0.02, "batch-size": 64])
    #expect(trial.seconds == 12.5)
  }

  @Test func plotPutsEachPointInItsPlace() {
    let plot = ScatterPlot(
      title: "learning-rate", valueName: "loss",
      points: [(0.001, 1), (0.01, 0.5), (0.1, 0.75), (0.1, 0.75)])
    #expect(
      plot.text(width: 11, height: 3) == """
        loss
          1 |o
            |          2
        0.5 |     o
            +-----------
             0.001   0.1
             learning-rate (logarithmic)
        """)
  }

  @Test func plotOfOnePointIsNothing() {
    #expect(ScatterPlot(title: "x", valueName: "y", points: [(1, 1)]).text().isEmpty)
  }

  @Test func plotOfEqualValuesDoesNotDivideByZero() {
    let plot = ScatterPlot(title: "x", valueName: "y", points: [(1, 2), (1, 2)])
    #expect(plot.text(width: 5, height: 3).contains("2"))
  }

  // MARK: On this machine

  @Test(arguments: [
    (20, 10, [2, 6, 20]), (20, 2, [20]), (5, 10, [5]), (27, 30, [3, 9, 27]), (18, 9, [2, 6, 18]),
  ])
  func rungsAreThirdsOfTheEpochs(epochs: Int, trials: Int, rungs: [Int]) {
    #expect(SuccessiveHalving(epochs: epochs, trials: trials).rungs == rungs)
  }

  @Test func bestThirdGoesOn() {
    let losses = [0.9, 0.2, 0.5, 0.3, 0.8, 0.7, 0.6].enumerated().map { (name: $0, loss: $1) }
    #expect(SuccessiveHalving.survivors(losses) == [1, 3, 2])
    #expect(SuccessiveHalving.survivors([(name: 7, loss: 1.0)]) == [7])
  }

  @Test func lossAtARungIsThatOfItsEpoch() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let trial = LocalTrial(number: 3, learningRate: 0.01, batchSize: 32, search: folder.path)
    try FileManager.default.createDirectory(
      atPath: trial.folder, withIntermediateDirectories: true)
    #expect(trial.result.loss == nil)
    try Data(
      """
      layout: classes
      epoch=1 train_loss=0.9 validation_loss=0.8 best_loss=0.800000
      epoch=2 train_loss=0.7 validation_loss=0.9 best_loss=0.800000
      epoch=3 train_loss=0.7 validation_loss=nan best_loss=nan
      resumed after epoch 2

      """.utf8
    ).write(to: URL(fileURLWithPath: trial.log))
    #expect(trial.losses == [1: 0.8, 2: 0.8])
    #expect(trial.loss(after: 1) == 0.8)
    #expect(trial.loss(after: 9) == 0.8)
    #expect(trial.result.status == "Stopped")
    #expect(trial.result.loss == 0.8)
    #expect(trial.result.name == "trial-03")
  }

  @Test func keyOfASearchChangesWithWhatDecidesItsResult() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("cat/1.jpg")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data("a".utf8).write(to: file)
    func key(_ settings: [(String, String)] = [("epochs", "3")], weights: String? = nil) throws
      -> String
    {
      try SearchKey.text(photographs: folder.path, weights: weights, settings: settings)
    }
    let first = try key()
    #expect(try key() == first)
    #expect(try key([("epochs", "4")]) != first)
    #expect(try key(weights: "none") != first)
    try Data("ab".utf8).write(to: file)
    let second = try key()
    #expect(second != first)
    try Data("b".utf8).write(to: folder.appendingPathComponent("cat/2.jpg"))
    #expect(try key() != second)
  }

  @Test func whatASearchWritesBesideThePhotographsDoesNotChangeItsKey() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ path: String) throws {
      let file = folder.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("a".utf8).write(to: file)
    }
    func key() throws -> String {
      try SearchKey.text(photographs: folder.path, weights: nil, settings: [])
    }
    try write("cat/1.jpg")
    let first = try key()
    for path in ["training/search-1/trial-01/training.log", "training/search.lock", ".DS_Store"] {
      try write(path)
    }
    #expect(try key() == first)
    try write("labels.csv")
    #expect(try key() != first)
  }

  @Test func defaultBatchesFitTheGPU() throws {
    var values = Hyperparameters()
    let limit = try #require(
      try BatchBound.images(values, memory: InstanceMemory.gpuGigabytes(of: "ml.g4dn.xlarge")))
    #expect((100...256).contains(limit))
    var space = TuningSpace()
    space.limitBatchSize(to: limit)
    #expect(space.batchSize == 32...limit)
    values.architecture = .resnet18
    #expect(try #require(try BatchBound.images(values, memory: 16)) > limit)
    values.freezesBackbone = true
    #expect(try BatchBound.images(values, memory: 16) == nil)
    #expect(InstanceMemory.gpuGigabytes(of: "ml.m5.xlarge") == nil)
  }

  @Test func trialsAtATimeFitCoresAndMemory() throws {
    var values = Hyperparameters()
    values.freezesBackbone = true
    let frozen = try LocalMachine(values, cores: 8, memoryGigabytes: 64)
    #expect(frozen.parallelTrials(upTo: 20, largestBatch: 512, device: "cpu") == 8)
    #expect(frozen.parallelTrials(upTo: 3, largestBatch: 512, device: "cpu") == 3)
    #expect(frozen.parallelTrials(upTo: 20, largestBatch: 512, device: "gpu") == 1)
    let small = try LocalMachine(values, cores: 8, memoryGigabytes: 3)
    #expect(small.parallelTrials(upTo: 20, largestBatch: 512, device: "cpu") == 2)
    values.freezesBackbone = false
    let whole = try LocalMachine(values, cores: 8, memoryGigabytes: 64)
    #expect(whole.parallelTrials(upTo: 20, largestBatch: 256, device: "cpu") < 8)
  }
}
