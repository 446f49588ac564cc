import ArgumentParser

/// Names of training jobs and searches.
enum JobNames {
  /// `[a-zA-Z0-9](-*[a-zA-Z0-9])*`, as of a variant.
  /// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
  ///
  /// - Parameter maximum: characters; a search leaves room for the names of its trials.
  /// - Throws: `ValidationError`.
  static func check(_ name: String, maximum: Int = 63) throws {
    guard HostingNames.isVariantName(name), name.count <= maximum else {
      throw ValidationError(
        "--name must be 1 to \(maximum) letters, digits and hyphens, not \(name).")
    }
  }
}
