import ArgumentParser

/// Names of jobs, models, configurations, and endpoints.
enum HostingNames {
  /// `[a-zA-Z0-9](-*[a-zA-Z0-9])*`
  /// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
  ///
  /// - Throws: `ValidationError` that names the option.
  static func check(_ name: String, _ option: String, maximum: Int = 63) throws {
    let isFine =
      (1...maximum).contains(name.count) && name.first != "-" && name.last != "-"
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    guard isFine else {
      throw ValidationError(
        "\(option) must be 1 to \(maximum) letters, digits and hyphens, not \(name).")
    }
  }
}
