import Foundation

/// A Python that can run train.py on this machine: one that is there and can train a step, else a
/// virtual environment.
package struct LocalPython: Sendable {
  package struct Command: Sendable, Equatable {
    package let words: [String]

    package init(_ words: [String]) { self.words = words }

    /// As a line of a shell.
    package var text: String { words.map(ShellText.quoted).joined(separator: " ") }
  }

  /// How an interpreter is obtained.
  package struct Plan: Sendable, Equatable {
    package let interpreter: String
    /// Commands to run first; none when the interpreter is ready.
    package var commands: [Command] = []
    /// What they download, as a phrase; empty when nothing has to be agreed to.
    package var download = ""
  }

  /// PyTorch's own index of builds for processors: those of PyPI for Linux bring CUDA along.
  /// Source: https://pytorch.org/get-started/locally/
  package static let processorIndex = "https://download.pytorch.org/whl/cpu"

  package let environment: URL
  /// Index of torch and torchvision; nil is pip's own.
  package let torchIndex: String?
  private let hasGPU: Bool

  /// - Parameters:
  ///   - environment: nil is `inferencectl/training-venv` of the user's cache folder.
  ///   - torchIndex: nil is PyTorch's index for processors on a machine without an NVIDIA GPU, and
  ///     pip's own on one with a GPU.
  package init(
    environment: String? = nil, torchIndex: String? = nil, hasGPU: Bool,
    variables: [String: String]
  ) {
    self.hasGPU = hasGPU
    self.torchIndex = torchIndex ?? (hasGPU ? nil : Self.processorIndex)
    if let environment {
      self.environment = URL(fileURLWithPath: environment)
    } else {
      let home = variables["HOME"] ?? NSTemporaryDirectory()
      let cache = variables["XDG_CACHE_HOME"] ?? "\(home)/.cache"
      self.environment = URL(fileURLWithPath: "\(cache)/inferencectl/training-venv")
    }
  }

  /// Whether NVIDIA's driver is loaded.
  package static var machineHasGPU: Bool {
    FileManager.default.fileExists(atPath: "/proc/driver/nvidia/version")
  }

  package var interpreter: String { environment.appendingPathComponent("bin/python").path }

  /// Decides by what the interpreters can do.
  ///
  /// - Parameters:
  ///   - candidates: tried in order, until one can train.
  ///   - needsWeights: whether the package with EfficientNet-Lite0's weights is needed.
  ///   - probe: tries one.
  ///   - onFound: receives the remarks about those that cannot train.
  package func plan(
    candidates: [String], needsWeights: Bool, probe: (String) -> PythonProbe,
    onFound: (String) -> Void = { _ in }
  ) throws -> Plan {
    let own = FileManager.default.isExecutableFile(atPath: interpreter) ? [interpreter] : []
    var base: PythonProbe?
    for candidate in own + candidates {
      let found = probe(candidate)
      guard found.canTrain else {
        onFound("\(candidate): \(found.problem ?? "")")
        continue
      }
      if found.hasWeightsPackage || !needsWeights { return Plan(interpreter: candidate) }
      // Its own environment only lacks the package; a foreign one is not changed.
      if candidate == interpreter { return try adding(to: nil) }
      if base == nil, !found.isVirtualEnvironment { base = found }
    }
    return try base.map { try adding(to: $0.interpreter) } ?? whole()
  }

  /// The package with the weights, in an environment that sees the interpreter's own packages.
  private func adding(to base: String?) throws -> Plan {
    let list = try requirements(TrainingScript.weightsRequirements)
    let made = base.map {
      [Command([$0, "-m", "venv", "--clear", "--system-site-packages", environment.path])]
    }
    return Plan(interpreter: interpreter, commands: (made ?? []) + [pip(["-r", list])])
  }

  /// An environment with torch.
  private func whole() throws -> Plan {
    let list = try requirements("requirements-machine.txt")
    let torch = torchIndex.map {
      pip(["--index-url", $0, "torch>=1.13,<3", "torchvision>=0.14,<1"])
    }
    return Plan(
      interpreter: interpreter,
      commands: [Command(["python3", "-m", "venv", "--clear", environment.path])]
        + (torch.map { [$0] } ?? []) + [pip(["-r", list])],
      download: hasGPU || torchIndex == nil
        ? "about 3 GB of PyTorch with CUDA, 7 GB on disk"
        : "about 250 MB of PyTorch for processors, 1 GB on disk")
  }

  private func pip(_ arguments: [String]) -> Command {
    Command([interpreter, "-m", "pip", "install", "--disable-pip-version-check"] + arguments)
  }

  private func requirements(_ name: String) throws -> String {
    try TrainingScript.folder().appendingPathComponent(name).path
  }
}

/// Words of a shell.
package enum ShellText {
  /// In single quotation marks where the shell would change it.
  package static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || "-_./=:,+%@".contains($0))
      }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
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
