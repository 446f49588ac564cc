import AWSControl

/// User data for one EC2 machine that downloads the data, trains, uploads the model and shuts down
/// in any case.
package struct MachineUserData: Sendable, Equatable {
  /// EC2's limit, before Base64.
  /// Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html
  package static let maximumBytes = 16_384

  /// Folder or `.tar.gz` with train.py: `s3://…` or a path of that machine.
  package var code: String
  /// Folder of photographs: `s3://…` or a path of that machine.
  package var data: String
  /// Folder for the model: `s3://…` or a path of that machine.
  package var output: String
  package var hyperparameters: Hyperparameters
  /// The machine shuts down after this time even when the script hangs.
  package var maximumMinutes = 480
  /// A Python interpreter with torch; nil searches for one.
  package var python: String?

  /// User data; the other properties are set as needed.
  package init(code: String, data: String, output: String, hyperparameters: Hyperparameters) {
    self.code = code
    self.data = data
    self.output = output
    self.hyperparameters = hyperparameters
  }

  /// The shell script: the template with the settings after its first line.
  ///
  /// - Throws: `Refusal` for a line break in a setting, or when it is too long for EC2.
  package func script() throws -> String {
    let arguments = hyperparameters.arguments
    guard arguments.allSatisfy({ !$0.contains(" ") }) else {
      throw Refusal("Arguments of the machine's script must not contain a space")
    }
    let settings: [(String, String?)] = [
      ("CODE_URI", code), ("DATA_URI", data), ("OUTPUT_URI", output),
      ("TRAINING_ARGUMENTS", arguments.joined(separator: " ")),
      ("MAXIMUM_MINUTES", String(maximumMinutes)), ("PYTHON", python),
    ]
    var lines = try TrainingScript.machineScript().split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
    lines.insert(
      contentsOf: try settings.compactMap { name, value in
        try value.map { "export \(name)=\(try Self.quoted($0))" }
      }, at: 1)
    let script = lines.joined(separator: "\n")
    guard script.utf8.count <= Self.maximumBytes else {
      throw Refusal(
        "The user data has \(script.utf8.count) bytes; EC2 accepts \(Self.maximumBytes)")
    }
    return script
  }

  /// In single quotation marks, which every shell accepts.
  private static func quoted(_ text: String) throws -> String {
    guard !text.contains("\n"), !text.contains("\0") else {
      throw Refusal("Settings of the machine's script must not contain a line break")
    }
    return "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
