import Foundation

/// A trial of a search on this machine: a folder with train.py's results and its log.
package struct LocalTrial: Sendable {
  /// The first is 1.
  package let number: Int
  package let learningRate: Double
  package let batchSize: Int
  package let folder: String
  /// Why it failed; nil while it has not.
  package var failure: String?

  package init(number: Int, learningRate: Double, batchSize: Int, search: String) {
    self.number = number
    self.learningRate = learningRate
    self.batchSize = batchSize
    folder = "\(search)/\(Self.name(number))"
  }

  package static func name(_ number: Int) -> String {
    "trial-" + (number < 10 ? "0" : "") + String(number)
  }

  package var name: String { Self.name(number) }
  package var log: String { "\(folder)/training.log" }
  package var report: String { "\(folder)/report.json" }

  /// Whether it was trained to its end, in this or in an earlier run of the command.
  package var isComplete: Bool { FileManager.default.fileExists(atPath: report) }

  /// The lowest validation loss after each epoch, from the lines of train.py.
  package var losses: [Int: Double] {
    guard let text = try? String(contentsOfFile: log, encoding: .utf8) else { return [:] }
    var losses: [Int: Double] = [:]
    for line in text.split(separator: "\n") where line.hasPrefix("epoch=") {
      let values = Dictionary(
        line.split(separator: " ").compactMap { field -> (Substring, Substring)? in
          let parts = field.split(separator: "=", maxSplits: 1)
          return parts.count == 2 ? (parts[0], parts[1]) : nil
        }, uniquingKeysWith: { $1 })
      if let epoch = values["epoch"].flatMap({ Int($0) }),
        let loss = values["best_loss"].flatMap({ Double($0) }), loss.isFinite
      {
        losses[epoch] = loss
      }
    }
    return losses
  }

  /// The loss after this number of epochs, or after those that there were.
  package func loss(after epochs: Int) -> Double? {
    let losses = losses
    return losses[epochs] ?? losses.filter { $0.key <= epochs }.max { $0.key < $1.key }?.value
  }

  /// As a row of the table.
  package var result: TuningTrial {
    let parameters = ["learning-rate": learningRate, "batch-size": Double(batchSize)]
    if let failure {
      return TuningTrial(
        name: name, status: "Failed", parameters: parameters, loss: nil, failureReason: failure)
    }
    if isComplete, let done = try? TuningTrial(name: name, report: report) { return done }
    return TuningTrial(
      name: name, status: "Stopped", parameters: parameters,
      loss: losses.max { $0.key < $1.key }?.value)
  }
}
