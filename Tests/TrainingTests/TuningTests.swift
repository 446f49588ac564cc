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
}
