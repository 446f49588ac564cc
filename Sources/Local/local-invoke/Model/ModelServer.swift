import Foundation
import LocalAWS
import LoopbackServer

/// A trained model in the serving code of SageMaker's PyTorch containers, on loopback.
final class ModelServer: @unchecked Sendable {
  /// TorchServe and a model of 100 MB take about 10 s.
  private static let startLimitSeconds = 180.0

  /// The address of `/ping` and `/invocations`.
  let baseURL: String
  private let folder: URL
  private let identifier: pid_t
  /// Guards `isReaped`.
  private let lock = NSLock()
  private var isReaped = false
  /// The file of its output, until ``stop()``.
  var log: String { folder.appendingPathComponent("serving.log").path }

  /// Starts Python and returns; see ``waitUntilReady()``.
  ///
  /// - Parameters:
  ///   - path: a `model.tar.gz`, its unpacked folder, or a folder with a `model.tar.gz`.
  ///   - folder: an empty folder, which its creator removes after ``stop()``.
  /// - Throws: `RunError` without a model or a suitable Python.
  init(_ path: String, folder: URL, _ caller: Caller) throws {
    let model = try Self.find(path)
    let python = try ServingPython(caller)
    self.folder = folder
    let script = folder.appendingPathComponent("serve_model.py")
    try Data(PackageResources.serve_model_py).write(to: script)
    let ports = try Self.freePorts()
    baseURL = "http://127.0.0.1:\(ports[0])"
    let words = [
      python.interpreter, "-B", "-W", "ignore", script.path, model,
      folder.appendingPathComponent("serving").path,
    ]
    let descriptor = open(
      folder.appendingPathComponent("serving.log").path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw StartError(path: folder.path, code: errno) }
    defer { close(descriptor) }
    identifier = try ProcessStart.spawn(
      Self.endingWithThisProgram(words + ports.map(String.init)),
      environment: caller.environment, outputDescriptor: descriptor)
  }

  /// `labels.txt` of the model; nil if it has none. Known when the server is ready.
  var labels: String? {
    let path = folder.appendingPathComponent("serving/model/labels.txt").path
    return FileManager.default.isReadableFile(atPath: path) ? path : nil
  }

  /// Whether `train.py` of this project wrote the model. Known when the server is ready.
  var isOfThisProject: Bool {
    FileManager.default.fileExists(
      atPath: folder.appendingPathComponent("serving/model/model.json").path)
  }

  /// Waits until `/ping` answers.
  ///
  /// - Throws: `RunError` with the last lines of the log if Python ends, or needs more than three minutes.
  func waitUntilReady() throws {
    let limit = Date(timeIntervalSinceNow: Self.startLimitSeconds)
    let container = ContainerProxy(url: baseURL)
    while container.problem() != nil {
      guard !hasEnded else { throw RunError("The model could not be served. \(lastLines)") }
      guard Date() < limit else {
        throw RunError(
          "The model was not ready within \(Int(Self.startLimitSeconds)) s. \(lastLines)")
      }
      Thread.sleep(forTimeInterval: 0.1)
    }
  }

  /// Ends Python and TorchServe. May be called twice.
  func stop() {
    // TorchServe is a process of its own, which Python ends.
    if !hasEnded { kill(identifier, SIGTERM) }
    let limit = Date(timeIntervalSinceNow: 3)
    while !hasEnded, Date() < limit { Thread.sleep(forTimeInterval: 0.02) }
    kill(-identifier, SIGKILL)
  }

  private var hasEnded: Bool {
    lock.withLock {
      if isReaped { return true }
      var status: Int32 = 0
      isReaped = waitpid(identifier, &status, WNOHANG) != 0
      return isReaped
    }
  }

  private var lastLines: String {
    let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    let lines = text.split(whereSeparator: \.isNewline).suffix(12)
    return lines.isEmpty
      ? "It printed nothing."
      : "The end of its output:\n" + lines.map { "  \($0)" }.joined(separator: "\n")
  }

  // MARK: Start

  private static func find(_ path: String) throws -> String {
    let exists = { (name: String) in FileManager.default.fileExists(atPath: name) }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw RunError("--model \(path): there is no such file or folder.")
    }
    guard isFolder.boolValue else { return path }
    if exists("\(path)/code/inference.py") { return path }
    if exists("\(path)/model.tar.gz") { return "\(path)/model.tar.gz" }
    throw RunError(
      "--model \(path) contains neither code/inference.py nor model.tar.gz. Pass what `inferencectl train local` wrote, or "
        + "the model.tar.gz of a training job.")
  }

  /// The kernel ends it when this program is killed, where util-linux's setpriv exists.
  private static func endingWithThisProgram(_ words: [String]) -> [String] {
    let setpriv = "/usr/bin/setpriv"
    guard FileManager.default.isExecutableFile(atPath: setpriv) else { return words }
    return [setpriv, "--pdeathsig", "TERM", "--"] + words
  }

  private static func freePorts() throws -> [UInt16] {
    let servers = try (0..<4).map { _ in try LoopbackServer { _, connection in connection.close() }
    }
    defer { servers.forEach { $0.stop() } }
    return servers.map(\.port)
  }
}
