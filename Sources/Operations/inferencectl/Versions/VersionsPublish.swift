import AWSControl
import ArgumentParser
import Versioning
import JSON

struct VersionsPublish: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish",
    abstract: "Publish $LATEST as an immutable version, without changing an alias.",
    discussion:
      "Example: inferencectl versions publish --function-name photo-classifier --zip dist/bootstrap.zip"
  )

  @OptionGroup var function: FunctionOption
  @Option(
    help: ArgumentHelp(
      "Publish only if $LATEST has the code of this zip (by its CodeSha256).", valueName: "file"))
  var zip: String?
  @Option(
    help: ArgumentHelp("Description of the version, at most 256 characters.", valueName: "text"))
  var description: String?
  @OptionGroup var waiting: WaitOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if let description, description.count > 256 {
      throw ValidationError(
        "--description has \(description.count) characters; the maximum is 256.")
    }
  }

  func run(in session: Session) throws {
    let outcome = try VersionPublishing.publish(
      functionName: function.functionName,
      codeSHA256: try zip.map { try DeploymentPackage(reading: $0).codeSHA256 },
      description: description, with: session.client(), waiting.wait ? session.waiter() : nil)
    guard let version = outcome.version else { return }
    session.done(
      outcome.isNew
        ? "version \(version.version): published, code \(version.codeSHA256)"
        : "version \(version.version): already published, code and configuration are the same",
      json: ["version": version.version, "new": outcome.isNew, "codeSha256": version.codeSHA256])
  }
}
