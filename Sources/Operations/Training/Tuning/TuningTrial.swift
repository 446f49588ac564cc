import AWSControl
import Foundation
import JSON

/// One training job of a search.
package struct TuningTrial: Sendable, Equatable {
  /// The training job, or the folder of a run on this machine.
  package let name: String
  /// `Completed`, `InProgress`, `Stopped`, `Failed`.
  package let status: String
  package let parameters: [String: Double]
  /// The objective; nil when there is none.
  package let loss: Double?
  package let failureReason: String?
  package let seconds: Double?

  package init(
    name: String, status: String, parameters: [String: Double], loss: Double?,
    failureReason: String? = nil, seconds: Double? = nil
  ) {
    self.name = name
    self.status = status
    self.parameters = parameters
    self.loss = loss
    self.failureReason = failureReason
    self.seconds = seconds
  }

  package init(_ item: ListTrainingJobsForHyperParameterTuningJob.Item) {
    self.init(
      name: item.name, status: item.status,
      parameters: item.hyperparameters.compactMapValues {
        Double($0.trimmingCharacters(in: CharacterSet(charactersIn: "\"")))
      }, loss: item.objectiveValue, failureReason: item.failureReason,
      seconds: item.endTime.flatMap { end in item.startTime.map { end - $0 } })
  }

  /// A run on this machine, read from its report.json.
  ///
  /// - Throws: `TrainingError` when the report is missing or not a report.
  package init(name: String, report path: String) throws(TrainingError) {
    guard let data = FileManager.default.contents(atPath: path),
      let report = try? JSONValue(parsing: [UInt8](data)),
      let history = report["history"]?.arrayValue
    else { throw TrainingError("\(path) is not a report of train.py") }
    let arguments = report["arguments"]
    var parameters: [String: Double] = [:]
    for (name, key) in [("learning-rate", "learning_rate"), ("batch-size", "batch_size")] {
      parameters[name] = arguments?[key]?.doubleValue
    }
    self.init(
      name: name, status: "Completed", parameters: parameters,
      loss: history.compactMap { $0["validation_loss"]?.doubleValue }.min(),
      seconds: report["seconds"]?.doubleValue)
  }

  /// Best first; those without a value come last, in the order of their names.
  package static func ranked(_ trials: [TuningTrial], objective: String) -> [TuningTrial] {
    trials.sorted { left, right in
      switch (left.loss, right.loss) {
      case (let left?, let right?) where left != right:
        objective == "Maximize" ? left > right : left < right
      case (nil, .some): false
      case (.some, nil): true
      default: left.name < right.name
      }
    }
  }
}
