import Foundation

/// A Python that can run train.py on this machine.
///
/// The virtual environment includes the system's packages, so that a distribution's torch is not
/// downloaded again; pip installs what is missing from the script's `requirements-machine.txt`,
/// from the user's configured index (`PIP_INDEX_URL`, `PIP_EXTRA_INDEX_URL` for a CPU build of
/// torch).
package struct LocalPython: Sendable {
  package struct Command: Sendable, Equatable {
    package let words: [String]

    package init(_ words: [String]) { self.words = words }

    /// As a line of a shell.
    package var text: String {
      words.map { word in
        let isPlain =
          !word.isEmpty
          && word.allSatisfy { $0.isLetter || $0.isNumber || "-_./=:,+%@~".contains($0) }
        return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
      }.joined(separator: " ")
    }
  }

  package let environment: URL
  /// The interpreter that creates the environment: `python3`.
  package let basePython: String

  /// - Parameter environment: nil is `inferencectl/training-venv` of the user's cache folder.
  package init(
    environment: String? = nil, basePython: String = "python3", variables: [String: String]
  ) {
    self.basePython = basePython
    if let environment {
      self.environment = URL(fileURLWithPath: environment)
    } else {
      let home = variables["HOME"] ?? NSTemporaryDirectory()
      let cache = variables["XDG_CACHE_HOME"] ?? "\(home)/.cache"
      self.environment = URL(fileURLWithPath: "\(cache)/inferencectl/training-venv")
    }
  }

  package var interpreter: String { environment.appendingPathComponent("bin/python").path }

  private var marker: URL { environment.appendingPathComponent("installed.txt") }

  /// The commands that create it; none when it exists with the same requirements.
  package func preparation() throws -> [Command] {
    let wanted = try requirements()
    if (try? String(contentsOf: marker, encoding: .utf8)) == wanted.text { return [] }
    return [
      Command([basePython, "-m", "venv", "--clear", "--system-site-packages", environment.path]),
      Command([
        interpreter, "-m", "pip", "install", "--disable-pip-version-check", "-r", wanted.path,
      ]),
    ]
  }

  /// Records that the preparation is done.
  package func confirm() throws {
    try Data(try requirements().text.utf8).write(to: marker)
  }

  private func requirements() throws -> (path: String, text: String) {
    let url = try TrainingScript.folder().appendingPathComponent("requirements-machine.txt")
    return (url.path, try String(contentsOf: url, encoding: .utf8))
  }
}

/// A run of train.py on this machine.
package struct LocalTraining: Sendable {
  package var python: String
  /// A folder of photographs for each class.
  package var data: String
  /// Output folder of `model/`, `model.tar.gz`, `report.json` and, during training, `checkpoints/`.
  package var output: String
  package var hyperparameters: Hyperparameters
  /// `auto`, `cpu` or `gpu`.
  package var device = "auto"
  /// Folder that caches a frozen backbone's features for other runs.
  package var featureCache: String?
  package var moreArguments: [String] = []

  /// A run; the other properties are set as needed.
  package init(python: String, data: String, output: String, hyperparameters: Hyperparameters) {
    self.python = python
    self.data = data
    self.output = output
    self.hyperparameters = hyperparameters
  }

  package func command() throws -> LocalPython.Command {
    let script = try TrainingScript.folder().appendingPathComponent("train.py").path
    let places = [
      "--train", data, "--model-dir", "\(output)/model", "--output-dir", output,
      "--checkpoint-dir", "\(output)/checkpoints", "--archive", "\(output)/model.tar.gz",
      "--device", device,
    ]
    let cache = featureCache.map { ["--feature-cache", $0] } ?? []
    return LocalPython.Command(
      [python, "-B", script] + places + cache + hyperparameters.arguments + moreArguments)
  }
}
