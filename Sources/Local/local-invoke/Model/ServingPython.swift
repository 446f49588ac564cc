import Foundation
import JSON

/// A Python of this machine that has SageMaker's serving code for PyTorch.
struct ServingPython {
  /// The packages, as `.ci/checks/training/environment.sh` has them.
  static let packages = [
    "torchserve==0.12.0", "sagemaker-pytorch-inference==2.0.25", "'numpy<2'", "scipy", "boto3",
    "retrying", "psutil",
  ]

  /// Prints what is missing, as a list in JSON.
  private static let probe = """
    import importlib.util, json, shutil
    names = {"torch": "torch", "torchvision": "torchvision", "PIL": "Pillow", "numpy": "numpy", "ts": "torchserve",
      "sagemaker_inference": "sagemaker-inference", "sagemaker_pytorch_serving_container": "sagemaker-pytorch-inference"}
    missing = [package for name, package in names.items() if importlib.util.find_spec(name) is None]
    print(json.dumps(missing + ([] if shutil.which("java") else ["java"])))
    """

  /// The virtual environment that ``instructions`` creates.
  private static let environment = ".cache/local-invoke/serving-venv"

  let interpreter: String

  /// Finds the first one that lacks nothing.
  ///
  /// - Throws: `RunError` that lists what each one lacks, and what to install.
  init(_ caller: Caller) throws {
    var remarks: [String] = []
    for candidate in Self.candidates(caller) {
      guard let missing = Self.missing(in: candidate, caller) else {
        remarks.append("\(candidate) does not start")
        continue
      }
      if missing.isEmpty {
        interpreter = candidate
        return
      }
      remarks.append("\(candidate) lacks \(missing.joined(separator: ", "))")
    }
    throw RunError(
      """
      --model requires Python with SageMaker's serving code, and Java for TorchServe. Tried:
      \(remarks.isEmpty ? "  no python3 in PATH" : remarks.map { "  \($0)" }.joined(separator: "\n"))
      \(Self.instructions)
      """)
  }

  /// For Debian and Ubuntu; their torch is the one for processors.
  private static var instructions: String {
    """
    Install it once, and run the command again:
      apt-get install -y python3-venv python3-torch python3-torchvision openjdk-17-jre-headless
      /usr/bin/python3 -m venv --system-site-packages ~/\(environment)
      ~/\(environment)/bin/pip install \(packages.joined(separator: " "))
    """
  }

  /// The environment of ``instructions``, that of `inferencectl train local`, an active one, `python3` in PATH.
  private static func candidates(_ caller: Caller) -> [String] {
    var paths: [String] = []
    if let home = caller["HOME"] {
      paths += [
        "\(home)/\(environment)/bin/python3",
        "\(home)/.cache/inferencectl/training-venv/bin/python3",
      ]
    }
    if let active = caller["VIRTUAL_ENV"] { paths.insert("\(active)/bin/python3", at: 0) }
    paths += (caller["PATH"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
      .map { "\($0)/python3" }
    var seen = Set<String>()
    return paths.filter {
      FileManager.default.isExecutableFile(atPath: $0) && seen.insert($0).inserted
    }
  }

  /// Nil when it does not start.
  private static func missing(in interpreter: String, _ caller: Caller) -> [String]? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: interpreter)
    process.arguments = ["-B", "-c", probe]
    process.environment = caller.environment
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0,
      let names = try? JSONValue(parsing: Array(text)).arrayValue
    else { return nil }
    return names.compactMap(\.stringValue)
  }
}
