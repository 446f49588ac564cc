import Foundation

/// How many photographs of a step fit in a GPU's memory.
///
/// The numbers are those of `architectures.json`, by which train.py refuses a batch too.
package enum BatchBound {
  private struct Table: Decodable {
    /// The rest is CUDA's own, or fragmented.
    let usableShareOfMemory: Double
    let architectures: [String: Architecture]
  }

  private struct Architecture: Decodable {
    /// Activations of one photograph of 224 × 224 in single precision; mixed precision takes less.
    let trainingMegabytesPerImage: Double
    /// Weights, gradients, and the optimizer's state.
    let modelMegabytes: Double
  }

  /// - Parameter gigabytes: of one GPU; nil is unknown.
  /// - Returns: nil when nothing bounds the batch: a frozen backbone, whose head trains on stored
  ///   features, or a memory that is not known.
  /// - Throws: `TrainingError` when the package's resource is missing or damaged.
  package static func images(
    _ values: Hyperparameters, memory gigabytes: Double?
  ) throws(TrainingError) -> Int? {
    guard !values.freezesBackbone, let gigabytes else { return nil }
    let table = try table()
    guard let network = table.architectures[values.architecture.rawValue] else { return nil }
    let usable = gigabytes * 1000 * table.usableShareOfMemory - network.modelMegabytes
    return max(1, Int(usable / network.trainingMegabytesPerImage))
  }

  /// What one photograph of a step takes, in megabytes.
  ///
  /// - Returns: nil for a frozen backbone.
  static func megabytesPerImage(_ values: Hyperparameters) throws(TrainingError) -> Double? {
    guard !values.freezesBackbone else { return nil }
    return try table().architectures[values.architecture.rawValue]?.trainingMegabytesPerImage
  }

  private static func table() throws(TrainingError) -> Table {
    let url = try TrainingScript.folder().appendingPathComponent("architectures.json")
    do { return try JSONDecoder().decode(Table.self, from: try Data(contentsOf: url)) } catch {
      throw TrainingError("\(url.path) cannot be read: \(error)")
    }
  }
}

/// The memory of one GPU by instance family.
/// Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html
package enum InstanceMemory {
  /// - Parameter instanceType: `ml.g4dn.xlarge`, or `g4dn.xlarge`.
  /// - Returns: gigabytes; nil without a GPU, or for a family that is not in the table.
  package static func gpuGigabytes(of instanceType: String) -> Double? {
    let parts = instanceType.split(separator: ".")
    let family = parts.first == "ml" ? parts.dropFirst().first : parts.first
    return family.flatMap { table[String($0)] }
  }

  private static let table: [String: Double] = [
    "p2": 12, "p3": 16, "g4dn": 16, "g5": 24, "g6": 24, "gr6": 24, "p3dn": 32, "p4d": 40,
    "g6e": 48, "p4de": 80, "p5": 80, "p5e": 141, "p5en": 141,
  ]
}
