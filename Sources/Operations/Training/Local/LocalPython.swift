import Foundation

/// A Python that can run train.py on this machine.
///
/// A virtual environment sees the packages of the system too, so that torch of a distribution is not fetched a
/// second time; what is missing pip installs from the script's `requirements-machine.txt`, whatever index the
/// user has configured (`PIP_INDEX_URL`, `PIP_EXTRA_INDEX_URL` for a CPU build of torch).
package struct LocalPython: Sendable {
  /// A program with its arguments.
  package struct Command: Sendable, Equatable {
    /// Program first.
    package let words: [String]

    /// A command.
    package init(_ words: [String]) { self.words = words }

    /// As one would type it.
    package var text: String {
      words.map { word in
        let isPlain =
          !word.isEmpty
          && word.allSatisfy { $0.isLetter || $0.isNumber || "-_./=:,+%@~".contains($0) }
        return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
      }.joined(separator: " ")
    }
  }

  /// The folder of the virtual environment.
  package let environment: URL
  /// What makes the environment: `python3`.
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

  /// The interpreter in it.
  package var interpreter: String { environment.appendingPathComponent("bin/python").path }

  private var marker: URL { environment.appendingPathComponent("installed.txt") }

  /// The commands that make it; none when it is there with the same requirements.
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

  /// Notes that the preparation is done.
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
  /// With torch.
  package var python: String
  /// A folder of photographs for each class.
  package var data: String
  /// Gets `model/`, `model.tar.gz`, `report.json` and, until trained, `checkpoints/`.
  package var output: String
  /// What train.py is told.
  package var hyperparameters: Hyperparameters
  /// `auto`, `cpu` or `gpu`.
  package var device = "auto"
  /// Keeps a frozen backbone's features for other runs.
  package var featureCache: String?
  /// The options of train.py that have no own one here.
  package var moreArguments: [String] = []

  /// A run; the other properties are set as needed.
  package init(python: String, data: String, output: String, hyperparameters: Hyperparameters) {
    self.python = python
    self.data = data
    self.output = output
    self.hyperparameters = hyperparameters
  }

  /// What is run.
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
