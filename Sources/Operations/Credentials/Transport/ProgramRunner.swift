import Foundation

/// Runs other programs and collects their output.
struct ProgramRunner {
  /// The environment of the programs, which are found through its `PATH`.
  let variables: [String: String]

  /// A program's path; nil when it is not in `PATH`.
  func path(of program: String) -> String? {
    if program.contains("/") {
      return FileManager.default.isExecutableFile(atPath: program) ? program : nil
    }
    let folders = (variables["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
    return folders.map { "\($0)/\(program)" }.first {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder)
        && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: $0)
    }
  }

  /// A program's standard output, without a time limit: it may be waiting for a sign-in.
  ///
  /// - Throws: with a line of its standard error when its exit status is not 0.
  func output(
    of words: [String], source: String, advice: String
  ) throws(CredentialError) -> [UInt8] {
    guard let path = path(of: words[0]) else {
      throw CredentialError(
        source: source, problem: "\(words[0]) was not found in PATH", advice: advice)
    }
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = Array(words.dropFirst())
    process.environment = variables
    process.standardOutput = output
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw CredentialError(
        source: source, problem: "\(path) could not be started: \(error.localizedDescription)",
        advice: advice)
    }
    // Both at the same time: a program that fills one pipe waits for its reader.
    let complaint = BackgroundRead(errors.fileHandleForReading)
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let lines = complaint.text().split(whereSeparator: \.isNewline)
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      // Some print their usage behind the reason.
      let line = lines.last { $0.contains("rror:") } ?? lines.last
      let words = line.map { ": \($0.prefix(300))" } ?? ""
      throw CredentialError(
        source: source,
        problem: "\(path) failed with exit status \(process.terminationStatus)\(words)",
        advice: advice)
    }
    return Array(data)
  }
}

/// Reads to the end on another thread.
private final class BackgroundRead: @unchecked Sendable {
  private let group = DispatchGroup()
  private var data = Data()

  init(_ file: FileHandle) {
    DispatchQueue.global().async(group: group) { self.data = file.readDataToEndOfFile() }
  }

  func text() -> String {
    // After this the other thread is done with the data.
    group.wait()
    return String(decoding: data, as: UTF8.self)
  }
}
