import AWSControl
import ArgumentParser
import Versioning
import JSON

/// `inferencectl versions publish`
struct VersionsPublish: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish",
    abstract: "Makes an immutable version of what $LATEST is; no alias is touched.")

  @OptionGroup var function: FunctionOption
  @Option(
    help: ArgumentHelp(
      "Publish only if this zip is what was uploaded (by its CodeSha256).", valueName: "file"))
  var zip: String?
  @Option(
    help: ArgumentHelp("The version's description, at most 256 characters.", valueName: "text"))
  var description: String?
  @OptionGroup var waiting: WaitOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if let description, description.count > 256 {
      throw ValidationError("--description has \(description.count) characters, 256 are allowed.")
    }
  }

  func run(in session: Session) throws {
    let outcome = try VersionPublishing.publish(
      functionName: function.functionName,
      codeSHA256: try zip.map { try DeploymentPackage(reading: $0).codeSHA256 },
      description: description, with: session.client(), waiting.wait ? session.waiter() : nil)
    guard let version = outcome.version else { return }
    if shared.output == .json {
      let members: OperationInput = [
        "version": version.version, "new": outcome.isNew, "codeSha256": version.codeSHA256,
      ]
      session.print(Table(), json: members.json)
    }
    session.say(
      outcome.isNew
        ? "version \(version.version): published, code \(version.codeSHA256)"
        : "version \(version.version): nothing changed since, code and configuration are the same")
  }
}
