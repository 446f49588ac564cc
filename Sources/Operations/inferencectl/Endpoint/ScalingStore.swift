import AWSControl
import Endpoints
import Foundation

/// The file in which an update keeps the autoscaling of a variant while it is deregistered.
struct ScalingStore {
  let session: Session
  let endpointName: String
  let path: String

  /// - Parameter path: nil is `NAME-scaling.json` in the working directory.
  init(session: Session, endpointName: String, path: String? = nil) {
    self.session = session
    self.endpointName = endpointName
    self.path = path ?? "\(endpointName)-scaling.json"
  }

  /// What an interrupted update has left; nil without a file.
  ///
  /// - Throws: `Refusal` for a file of another endpoint, or of something else.
  func load() throws -> ScalingBackup? {
    guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
    let backup = try ScalingBackup(file: [UInt8](bytes), path: path)
    guard backup.endpointName == endpointName else {
      throw Refusal("\(path) is of endpoint \(backup.endpointName)")
    }
    return backup
  }

  func save(_ backup: ScalingBackup) throws {
    guard !session.shared.dryRun else { return }
    try Data(backup.file).write(to: URL(fileURLWithPath: path), options: .atomic)
    session.note(
      "The autoscaling of \(backup.variant) is saved in \(path) and removed for the update")
  }

  /// Restores the autoscaling and deletes the file, or says how to do that later.
  ///
  /// - Returns: false when it is not restored.
  func putBack(_ backup: ScalingBackup?, with client: ControlClient) -> Bool {
    guard let backup else { return true }
    do {
      try backup.restore(with: client)
    } catch {
      session.note(
        "The autoscaling of \(backup.variant) is not restored yet (\(Text.problem(error))). When the endpoint is "
          + "InService: \(command)")
      return false
    }
    guard !client.isDryRun else { return true }
    try? FileManager.default.removeItem(atPath: path)
    session.note("The autoscaling of \(backup.variant) is restored")
    return true
  }

  /// The reason is in a note.
  static let notRestored = Refusal("The autoscaling is not restored")

  /// Reports a file that an interrupted update has left, for commands that only read.
  ///
  /// - Parameter scaledVariants: those that are registered.
  func offer(scaledVariants: some Collection<String>) {
    guard let backup = try? load(), !scaledVariants.contains(backup.variant) else { return }
    session.note(
      "Note: an interrupted update has left the autoscaling of \(backup.variant) in \(path), and the variant is not "
        + "autoscaled. To restore it: \(command)")
  }

  private var command: String {
    "inferencectl endpoint update --endpoint-name \(endpointName) --restore-scaling \(path)"
  }
}
