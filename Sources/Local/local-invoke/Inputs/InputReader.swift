import ArgumentParser
import Foundation
import Platform

/// A photograph that is uploaded to the local S3, or sent over HTTP.
struct Photograph: Sendable {
  /// As named on the command line, or found in a folder; `-` for standard input.
  let path: String
  /// The last part of its key.
  let name: String
  let mediaType: String
  /// Standard input, which cannot be read again; nil for a file.
  let standardInput: [UInt8]?
}

/// What the command line names, in order.
enum ReplayInput: Sendable {
  case event(path: String, bytes: [UInt8])
  case photograph(Photograph)
}

extension [ReplayInput] {
  /// The folder of objects may be beside it.
  var firstEventPath: String? {
    lazy.compactMap { if case .event(let path, _) = $0 { path } else { nil } }.first
  }
}

/// Reads the arguments: events whole, photographs only as far as needed to recognize them.
struct InputReader {
  static let maximumEventBytes = 6_291_456

  /// Whether images other than JPEG and PNG are accepted, which the local model cannot read.
  let acceptsAnyImage: Bool
  /// Receives remarks about skipped files.
  let note: (String) -> Void

  /// - Throws: `ValidationError` for a file that cannot be read, or that is neither an event nor a photograph.
  func read(_ paths: [String]) throws -> [ReplayInput] {
    try paths.flatMap { path in
      if path == "-" { return [try readStandardInput()] }
      return isFolder(path) ? try readFolder(path) : [try readFile(path)]
    }
  }

  private func readStandardInput() throws -> ReplayInput {
    let bytes = Array(try FileHandle.standardInput.readToEnd() ?? Data())
    let kind = FileKind(prefix: Array(bytes.prefix(FileKind.prefixBytes)))
    // Of a pipe whose first command failed.
    if kind == .empty { throw ValidationError("Standard input is empty.") }
    guard case .image(let type) = kind else { return try event("-", bytes) }
    try check(type, "Standard input")
    let name = type == "image/png" ? "photograph.png" : "photograph.jpg"
    return .photograph(Photograph(path: "-", name: name, mediaType: type, standardInput: bytes))
  }

  private func readFile(_ path: String) throws -> ReplayInput {
    let file: FileHandle
    let prefix: [UInt8]
    do {
      file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      prefix = Array(try file.read(upToCount: FileKind.prefixBytes) ?? Data())
    } catch {
      throw unreadable(path, error)
    }
    switch FileKind(prefix: prefix) {
    case .event:
      do {
        return try event(path, prefix + Array(file.readToEnd() ?? Data()))
      } catch let error as ValidationError {
        throw error
      } catch {
        throw unreadable(path, error)
      }
    case .image(let type):
      try check(type, path)
      return .photograph(photograph(path, type, name: nil))
    case .empty: throw ValidationError("\(path) is empty.")
    case .other(let description):
      throw ValidationError(
        "\(path) is neither an event (JSON) nor a photograph (JPEG or PNG): it is \(description).")
    }
  }

  private func event(_ path: String, _ bytes: [UInt8]) throws -> ReplayInput {
    guard bytes.count <= Self.maximumEventBytes else {
      throw ValidationError(
        "The event is \(bytes.count) bytes; Lambda accepts at most \(Self.maximumEventBytes).")
    }
    return .event(path: path, bytes: bytes)
  }

  private func unreadable(_ path: String, _ error: any Error) -> ValidationError {
    let reason =
      FileManager.default.fileExists(atPath: path)
      ? error.localizedDescription : "there is no such file or folder"
    return ValidationError("Cannot read \(path): \(reason)")
  }

  // MARK: Photographs

  /// The photographs directly in a folder, in the order in which a file manager lists them.
  private func readFolder(_ path: String) throws -> [ReplayInput] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw unreadable(path, error)
    }
    let sorted = names.filter { !$0.hasPrefix(".") }
      .sorted { $0.compare($1, options: [.numeric, .caseInsensitive]) == .orderedAscending }
    let folder = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
    var found: [ReplayInput] = []
    var skipped: [String] = []
    for name in sorted {
      let file = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
      if !isFolder(file), let type = photographType(file) {
        found.append(.photograph(photograph(file, type, name: "\(folder)/\(name)")))
      } else {
        skipped.append(isFolder(file) ? "\(name)/" : name)
      }
    }
    guard !found.isEmpty else {
      let folders = skipped.filter { $0.hasSuffix("/") }
      throw ValidationError(
        "\(path) contains no photograph (JPEG or PNG)."
          + (folders.isEmpty
            ? "" : " Folders in it are not searched; to replay one, name it: \(list(folders))."))
    }
    if !skipped.isEmpty { note("Skipped in \(path), not photographs: \(list(skipped))") }
    return found
  }

  private func list(_ names: [String]) -> String {
    let shown = names.prefix(3).joined(separator: ", ")
    return names.count > 3 ? "\(shown), and \(names.count - 3) more" : shown
  }

  private func photographType(_ path: String) -> String? {
    // A named pipe in a folder would wait for its writer.
    var entry = stat()
    guard stat(path, &entry) == 0, entry.st_mode & S_IFMT == S_IFREG,
      let file = FileHandle(forReadingAtPath: path),
      let prefix = try? file.read(upToCount: FileKind.prefixBytes),
      case .image(let type) = FileKind(prefix: Array(prefix)),
      acceptsAnyImage || FileKind.localModelTypes.contains(type)
    else { return nil }
    return type
  }

  private func photograph(_ path: String, _ type: String, name: String?) -> Photograph {
    let own = URL(fileURLWithPath: path).lastPathComponent
    return Photograph(path: path, name: name ?? own, mediaType: type, standardInput: nil)
  }

  private func check(_ type: String, _ path: String) throws {
    guard !acceptsAnyImage, !FileKind.localModelTypes.contains(type) else { return }
    let name = type.dropFirst("image/".count).uppercased()
    throw ValidationError(
      "\(path) is a \(name) image, and the built-in model reads JPEG and PNG. Convert it, or classify it with your "
        + "own container (--container).")
  }

  private func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}

extension Photograph {
  /// - Throws: `ValidationError` if the file has gone.
  func bytes() throws -> [UInt8] {
    if let standardInput { return standardInput }
    do {
      return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw ValidationError("Cannot read \(path): \(error.localizedDescription)")
    }
  }
}
