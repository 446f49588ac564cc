import AWSClient
import AWSControl
import Foundation
import LambdaEvents
import Platform

/// Writes a failed event and its objects into a folder, as `local-invoke` reads them: `event.json`, and the object
/// `KEY` of `BUCKET` as `objects/BUCKET/KEY`.
package struct FailureExport {
  package struct Result: Sendable {
    /// The files, in the order in which they were written.
    package fileprivate(set) var files: [String] = []
    /// The objects that could not be saved, as `s3://BUCKET/KEY`.
    package fileprivate(set) var missing: [String] = []
  }

  /// Of one object. An asynchronous endpoint accepts up to 1 GB.
  private static let maximumObjectBytes = 1 << 30

  private let event: [UInt8]
  private let folder: String

  /// - Throws: `Refusal` for a message without an event, or a folder that is not empty.
  package init(_ event: FailedEvent, folder: String) throws {
    guard let bytes = event.event else {
      throw Refusal(
        "The message \(event.messageID) contains no event: it is not JSON",
        advice: "To print it, leave --save out")
    }
    let present = try? FileManager.default.contentsOfDirectory(atPath: folder)
    guard present?.isEmpty ?? !FileManager.default.fileExists(atPath: folder) else {
      throw Refusal("\(folder) is not an empty folder", advice: "Pass a new folder with --save")
    }
    self.event = bytes
    self.folder = folder
  }

  package var eventPath: String { "\(folder)/event.json" }

  /// Writes the files.
  ///
  /// - Parameter note: receives a sentence for each object that could not be saved.
  /// - Throws: `Refusal` if a file cannot be written.
  package func run(with client: ControlClient, note: (String) -> Void) throws -> Result {
    var result = Result()
    try write(event, to: eventPath)
    result.files.append(eventPath)
    let locations = (try? LambdaEvent.decode(event, defaultBucket: nil).locations) ?? []
    for case .object(let object) in locations {
      let name = "s3://\(object.bucket)/\(object.key)"
      guard let path = path(of: object) else {
        note(
          VisibleText.escaped("\(name): the key cannot be the name of a file; it was not saved."))
        result.missing.append(name)
        continue
      }
      guard !result.files.contains(path) else { continue }
      do {
        let bytes = try client.readObject(
          S3Location(bucket: object.bucket, key: object.key), versionID: object.versionID,
          maximumBytes: Self.maximumObjectBytes)
        try write(bytes, to: path)
        result.files.append(path)
      } catch let error as AWSError {
        note(VisibleText.escaped("\(name) was not saved: \(error.message)"))
        result.missing.append(name)
      }
    }
    return result
  }

  /// Nil for a key that would lead out of the folder, or that no file can have.
  private func path(of object: S3ObjectReference) -> String? {
    let parts = object.key.utf8.split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let isPath = parts.allSatisfy {
      !$0.isEmpty && $0.count <= 255 && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
    }
    let isBucket =
      !object.bucket.utf8.contains(UInt8(ascii: "/")) && ![".", ".."].contains(object.bucket)
    guard isPath, isBucket, !object.key.utf8.contains(0), !object.bucket.utf8.contains(0) else {
      return nil
    }
    return "\(folder)/objects/\(object.bucket)/\(object.key)"
  }

  /// Readable only by this user: photographs may be private.
  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      try Data(bytes).write(to: file)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    } catch {
      throw Refusal("\(path) could not be written: \(error.localizedDescription)")
    }
  }
}
