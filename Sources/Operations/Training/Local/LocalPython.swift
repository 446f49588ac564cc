import Foundation

/// A Python that can run train.py on this machine.
///
/// A virtual environment sees the packages of the system too, so that torch of a distribution is not fetched a
/// second time; what is missing pip installs from the script's `requirements-machine.txt`, whatever index the
/// user has configured (`PIP_INDEX_URL`, `PIP_EXTRA_INDEX_URL` for a CPU build of torch).
public struct LocalPython: Sendable {
  /// A program with its arguments.
  public struct Command: Sendable, Equatable {
    /// Program first.
    public let words: [String]

    /// A command.
    public init(_ words: [String]) { self.words = words }

    /// As one would type it.
    public var text: String {
      words.map { word in
        let isPlain =
          !word.isEmpty
          && word.allSatisfy { $0.isLetter || $0.isNumber || "-_./=:,+%@~".contains($0) }
        return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
      }.joined(separator: " ")
    }
  }

  /// The folder of the virtual environment.
  public let environment: URL
  /// What makes the environment: `python3`.
  public let basePython: String

  /// - Parameter environment: nil is `inferencectl/training-venv` of the user's cache folder.
  public init(
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
  public var interpreter: String { environment.appendingPathComponent("bin/python").path }

  private var marker: URL { environment.appendingPathComponent("installed.txt") }

  /// The commands that make it; none when it is there with the same requirements.
  public func preparation() throws -> [Command] {
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
  public func confirm() throws {
    try Data(try requirements().text.utf8).write(to: marker)
  }

  private func requirements() throws -> (path: String, text: String) {
    let url = try TrainingScript.folder().appendingPathComponent("requirements-machine.txt")
    return (url.path, try String(contentsOf: url, encoding: .utf8))
  }
}

/// A run of train.py on this machine.
public struct LocalTraining: Sendable {
  /// With torch.
  public var python: String
  /// A folder of photographs for each class.
  public var data: String
  /// Gets `model/`, `model.tar.gz`, `report.json` and, until trained, `checkpoints/`.
  public var output: String
  /// What train.py is told.
  public var hyperparameters: Hyperparameters
  /// `auto`, `cpu` or `gpu`.
  public var device = "auto"
  /// Keeps a frozen backbone's features for other runs.
  public var featureCache: String?
  /// The options of train.py that have no own one here.
  public var moreArguments: [String] = []

  /// A run; the other properties are set as needed.
  public init(python: String, data: String, output: String, hyperparameters: Hyperparameters) {
    self.python = python
    self.data = data
    self.output = output
    self.hyperparameters = hyperparameters
  }

  /// What is run.
  public func command() throws -> LocalPython.Command {
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
