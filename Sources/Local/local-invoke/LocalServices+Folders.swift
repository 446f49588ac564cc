import ArgumentParser
import Foundation
import SigV4

extension LocalServices {
  /// Creates an empty folder, readable only by this user and removed at the end.
  static func temporaryFolder(_ cleanUp: CleanUp) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "local-invoke-\(UUID().uuidString)")
    // The user may have removed it.
    cleanUp.add { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    return folder
  }

  func findObjectsFolder(_ options: LocalInvokeCommand, _ eventPath: String?) throws -> URL {
    let isFolder = { (url: URL) in
      (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true
    }
    if let named = options.objects {
      let folder = URL(fileURLWithPath: named)
      guard isFolder(folder) else { throw ValidationError("--objects \(named) is not a folder.") }
      return folder
    }
    var candidates = [URL(fileURLWithPath: "events/objects")]
    if let eventPath, eventPath != "-" {
      candidates.insert(
        URL(fileURLWithPath: eventPath).deletingLastPathComponent().appendingPathComponent(
          "objects"), at: 0)
    }
    return candidates.first(where: isFolder) ?? candidates[0]
  }

  static func freshCredentials() -> AWSCredentials {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let random = { (count: Int, from: [Character]) in
      String((0..<count).compactMap { _ in from.randomElement() })
    }
    return AWSCredentials(
      accessKeyID: "ASIA" + random(16, letters), secretAccessKey: random(40, alphabet),
      sessionToken: random(200, alphabet))
  }
}
