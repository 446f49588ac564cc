import Foundation

/// The files of a benchmark: the programs to measure, the Python environment, logs. Kept from run to run.
struct Workspace {
  /// Pinned, so that a ratio does not change with somebody else's release.
  static let requirements = ["awslambdaric==4.2.2", "boto3==1.44.5"]

  let folder: URL
  /// What is in the function's zip.
  let bootstrap: URL
  let zip: URL
  let python: URL
  /// The program that was built with this one.
  let mock: URL
  /// Compiled from C: the loop on libcurl, and the one on sockets.
  let floor: URL
  let limit: URL

  /// - Parameter zip: nil takes `dist/bootstrap.zip`, built anew when it is missing or old.
  init(folder path: String, zip zipPath: String?) throws {
    folder = URL(fileURLWithPath: path).standardizedFileURL
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let programs = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent()
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      .map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
    mock = (own ?? programs).appendingPathComponent("mock-aws")
    floor = folder.appendingPathComponent("floor")
    limit = folder.appendingPathComponent("limit")
    python = try Self.makeEnvironment(in: folder)
    zip = try zipPath.map { URL(fileURLWithPath: $0) } ?? Self.currentZip()
    bootstrap = folder.appendingPathComponent("bootstrap")
    try Self.unpack(zip, to: bootstrap, with: python)
    _ = try Command("Sources/Measuring/benchmark-floor/build.sh", folder.path).output()
  }

  /// The symbols beside the zip; nil when there are none.
  var symbols: String? {
    let path = zip.deletingPathExtension().appendingPathExtension("debug").path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  func resource(_ name: String, _ ending: String) throws(BenchmarkFailure) -> URL {
    guard let url = Bundle.module.url(forResource: name, withExtension: ending) else {
      throw BenchmarkFailure("\(name).\(ending) is missing beside the program; build it again")
    }
    return url
  }

  // MARK: Python

  private static func makeEnvironment(in folder: URL) throws -> URL {
    let environment = folder.appendingPathComponent("venv")
    let python = environment.appendingPathComponent("bin/python")
    let list = environment.appendingPathComponent("installed")
    let wanted = requirements.joined(separator: "\n")
    // Written last: a half-made environment has no list.
    if (try? String(contentsOf: list, encoding: .utf8)) == wanted { return python }
    Console.say("making a Python environment with \(requirements.joined(separator: " and "))")
    try? FileManager.default.removeItem(at: environment)
    _ = try Command("python3", "-m", "venv", environment.path).output()
    _ = try Command(
      [python.path, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"] + requirements
    ).output()
    try wanted.write(to: list, atomically: true, encoding: .utf8)
    return python
  }

  // MARK: The zip

  private static func currentZip() throws -> URL {
    let zip = URL(fileURLWithPath: "dist/bootstrap.zip")
    guard FileManager.default.isExecutableFile(atPath: "build-zip.sh") else {
      throw BenchmarkFailure(
        "there is no build-zip.sh here: run it in the repository's folder")
    }
    if let built = modified(zip), built >= newestSource() { return zip }
    Console.say("building \(zip.relativePath) with build-zip.sh: a minute or two")
    _ = try Command("./build-zip.sh").output()
    return zip
  }

  private static func modified(_ url: URL) -> Date? {
    (try? FileManager.default.attributesOfItem(atPath: url.path))?[.modificationDate] as? Date
  }

  /// When anything that ends up in the zip was changed last.
  private static func newestSource() -> Date {
    var newest = Date.distantPast
    for root in ["Sources/Function", "Sources/System", ".packaging"] {
      let folder = URL(fileURLWithPath: root)
      for path in FileManager.default.enumerator(atPath: root) ?? .init() {
        guard let path = path as? String else { continue }
        newest = max(newest, modified(folder.appendingPathComponent(path)) ?? newest)
      }
    }
    for file in ["Package.swift", "build-zip.sh"] {
      newest = max(newest, modified(URL(fileURLWithPath: file)) ?? newest)
    }
    return newest
  }

  /// The copy leaves the page cache, so that its pages are read again by page faults, as those of a deployed program
  /// are. Of a file that was written at once, the kernel maps up to 2 MiB for one fault: 0.4 to 1.2 MiB more of peak
  /// memory.
  private static func unpack(_ zip: URL, to bootstrap: URL, with python: URL) throws {
    let script = """
      import os, sys, zipfile
      program = zipfile.ZipFile(sys.argv[1]).read("bootstrap")
      with open(sys.argv[2] + ".new", "wb") as file:
          file.write(program)
          file.flush()
          os.fsync(file.fileno())
          os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
      os.chmod(file.name, 0o755)
      os.replace(file.name, sys.argv[2])
      """
    _ = try Command(python.path, "-c", script, zip.path, bootstrap.path).output()
  }
}
