import Foundation

/// Runs other programs and takes what they print.
struct ProgramRunner {
  /// The variables that they get; `PATH` tells where they are.
  let variables: [String: String]

  /// Where a program is; nil when it is nowhere in `PATH`.
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

  /// What a program prints, however long it takes: it may be asking a person to sign in.
  ///
  /// - Throws: with a line of its standard error when its status is not 0.
  func output(
    of words: [String], source: String, advice: String
  ) throws(CredentialError) -> [UInt8] {
    guard let path = path(of: words[0]) else {
      throw CredentialError(
        source: source, problem: "there is no program \(words[0])", advice: advice)
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
        source: source, problem: "\(path) does not start: \(error.localizedDescription)",
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
        problem: "\(path) ended with status \(process.terminationStatus)\(words)", advice: advice)
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
