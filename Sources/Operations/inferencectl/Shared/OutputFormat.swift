import Credentials
import Platform

extension SharedOptions.Output {
  /// Values that the AWS CLI takes and this program prints as a table.
  private static let othersOfTheCommandLineInterface = ["text", "yaml", "yaml-stream", "off"]

  /// The format of `--output`, else of `AWS_DEFAULT_OUTPUT`, else of the profile.
  ///
  /// A file that cannot be read counts as none: the settings report it when AWS is called.
  /// - Throws: `ConfigurationError` for a value that the AWS CLI does not take either.
  static func resolved(
    _ option: Self?, profile: String?, environment: [String: String]
  ) throws(ConfigurationError) -> Self {
    if let option { return option }
    let given = Environment(environment)
    if let name = given["AWS_DEFAULT_OUTPUT"] { return try parsed(name, "AWS_DEFAULT_OUTPUT") }
    let name = profile ?? given["AWS_PROFILE"] ?? given["AWS_DEFAULT_PROFILE"] ?? "default"
    let files = try? SharedConfiguration(environment: given)
    guard let setting = files?[profile: name]?.setting("output") else { return .table }
    return try parsed(setting.value, "output of profile \"\(name)\" (\(setting.location))")
  }

  private static func parsed(_ text: String, _ place: String) throws(ConfigurationError) -> Self {
    if let format = Self(rawValue: text) { return format }
    guard othersOfTheCommandLineInterface.contains(text) else {
      throw ConfigurationError(variable: place, problem: "is \(text); it must be json or table")
    }
    return .table
  }
}
