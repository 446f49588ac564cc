import Foundation

/// report.json of train.py, format 2.
package struct TrainingReport: Decodable, Sendable {
  package struct Arguments: Decodable, Sendable {
    let architecture: String
    let epochs: Int
    let batchSize: Int
    let learningRate: Double
    let freezeBackbone: Bool
    let seed: Int
  }

  package struct Epoch: Decodable, Sendable {
    let epoch: Int
    let trainLoss: Double
    let trainAccuracy: Double
    let validationLoss: Double
    let validationAccuracy: Double
  }

  package struct ClassCount: Decodable, Sendable {
    let train: Int
    let validation: Int
    let test: Int
  }

  package struct Skipped: Decodable, Sendable {
    let file: String
    let reason: String
  }

  /// Accuracy of those that the model is about equally sure of.
  package struct Bin: Decodable, Sendable {
    let from: Double
    let to: Double
    let count: Int
    let confidence: Double?
    let accuracy: Double?
  }

  package struct Calibrated: Decodable, Sendable {
    /// Expected calibration error: mean distance of confidence and accuracy.
    let ece: Double
    let loss: Double
    let bins: [Bin]
  }

  package struct BeforeAndAfter: Decodable, Sendable {
    let before: Calibrated
    let after: Calibrated
  }

  package struct Calibration: Decodable, Sendable {
    let photographs: Int
    let validation: BeforeAndAfter
    let test: BeforeAndAfter?
  }

  package struct Share: Decodable, Sendable {
    let accuracy: Double
    let interval: [Double]
  }

  package struct Recall: Decodable, Sendable {
    let `class`: String
    let photographs: Int
    let right: Int
    let recall: Double?
    let interval: [Double]?
  }

  package struct Confusion: Decodable, Sendable {
    let `class`: String
    let predicted: String
    let count: Int
  }

  package struct Mistake: Decodable, Sendable {
    package let file: String
    let `class`: String
    let predicted: String
    let probability: Double
    let classProbability: Double
  }

  package struct Test: Decodable, Sendable {
    let loss: Double
    let accuracy: Double
    let interval: [Double]
    let top5: Share?
    let classes: [Recall]
    let confusion: [[Int]]
    let confusions: [Confusion]
    package let worst: [Mistake]
  }

  let arguments: Arguments
  let weights: String
  let classes: [String: ClassCount]
  let skipped: [Skipped]
  let duplicates: Int
  let history: [Epoch]
  let bestEpoch: Int
  let temperature: Double?
  let calibration: Calibration?
  package let test: Test?
  let seconds: Double
  let torch: String
  let device: String

  /// Reads the file that train.py wrote.
  ///
  /// - Throws: `TrainingError` when it is missing, or not such a report.
  package init(path: String) throws(TrainingError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TrainingError("\(path) does not exist")
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do { self = try decoder.decode(TrainingReport.self, from: data) } catch {
      throw TrainingError("\(path) is not a report of train.py: \(error)")
    }
  }
}
