/// This version of everything in the repository: what `--version` prints and `User-Agent` carries.
///
/// docs/CHANGELOG.md lists the changes of each version.
public enum Product {
  /// A semantic version.
  public static var version: String { "0.2.0" }

  /// `User-Agent` of the function.
  public static var userAgent: String { "sagemaker-image-inference/\(version)" }
}
