import AWSControl

/// User data for one EC2 machine that fetches the data, trains, uploads the model and goes off, whatever happens.
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
  /// What train.py is told.
  package var hyperparameters: Hyperparameters
  /// The machine goes off after so long even if the script hangs.
  package var maximumMinutes = 480
  /// An interpreter with torch; nil looks for one.
  package var python: String?

  /// User data; the other properties are set as needed.
  package init(code: String, data: String, output: String, hyperparameters: Hyperparameters) {
    self.code = code
    self.data = data
    self.output = output
    self.hyperparameters = hyperparameters
  }

  /// The shell script: the template with the settings behind its first line.
  ///
  /// - Throws: `Refusal` for a line break in a setting, or when it is too long for EC2.
  package func script() throws -> String {
    let arguments = hyperparameters.arguments
    guard arguments.allSatisfy({ !$0.contains(" ") }) else {
      throw Refusal("The machine's script takes no argument with a space in it")
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
        "The user data has \(script.utf8.count) bytes, and EC2 takes \(Self.maximumBytes)")
    }
    return script
  }

  /// In single quotation marks, as every shell reads it.
  private static func quoted(_ text: String) throws -> String {
    guard !text.contains("\n"), !text.contains("\0") else {
      throw Refusal("A setting of the machine's script has a line break in it")
    }
    return "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
