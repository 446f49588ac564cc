import AWSControl
import Foundation

/// A file that only one process can hold, and that says who does.
///
/// The kernel releases it when the process ends, however it ends, so it is never removed by hand.
package final class OwnedLock {
  private let descriptor: Int32

  /// Takes the lock.
  ///
  /// - Parameters:
  ///   - path: the file; its folder is created.
  ///   - subject: what it protects, for the message.
  /// - Throws: `Refusal` that names the owner, or why the file cannot be written.
  package init(_ path: String, of subject: String) throws(Refusal) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch { throw Refusal("\(folder.path) cannot be created: \(Self.reason(error))") }
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw Refusal("\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let owner = (try? String(contentsOfFile: path, encoding: .utf8))?
        .trimmingCharacters(in: .whitespacesAndNewlines)
      close(descriptor)
      throw Refusal(
        "\(subject) is in use by \(owner.flatMap { $0.isEmpty ? nil : $0 } ?? "another process")",
        advice: "Wait until it has ended, or stop it with kill")
    }
    let owner =
      "process \(getpid()) on \(ProcessInfo.processInfo.hostName), since \(Date().ISO8601Format())\n"
    ftruncate(descriptor, 0)
    guard pwrite(descriptor, owner, owner.utf8.count, 0) == owner.utf8.count else {
      let problem = String(cString: strerror(errno))
      close(descriptor)
      throw Refusal("\(path) cannot be written: \(problem)")
    }
  }

  deinit {
    // The file stays: removed, two processes could hold two files of one name.
    ftruncate(descriptor, 0)
    // A process that is being started has a copy of the descriptor for a moment.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  private static func reason(_ error: any Error) -> String {
    (error as NSError).localizedDescription
  }
}
