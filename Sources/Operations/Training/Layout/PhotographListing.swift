import AWSControl
import Foundation

/// Lists photographs, in S3 or on this machine, and understands them by the rules of train.py.
package enum PhotographListing {
  /// Understands prefixes in S3; nothing but names, sizes, and a CSV of labels is read.
  ///
  /// - Throws: `Refusal` for what train.py would refuse; `AWSError`: `NoSuchBucket`,
  ///   `AccessDenied`, ….
  package static func inS3(
    _ data: S3Location, validation: S3Location? = nil, test: S3Location? = nil,
    with client: ControlClient
  ) throws -> PhotographLayout {
    var listings: [PhotographLayout.Split: [ListedFile]] = [:]
    for (split, location) in [(.train, data), (.validation, validation), (.test, test)]
      as [(PhotographLayout.Split, S3Location?)]
    {
      guard let folder = location?.folder else { continue }
      listings[split] = try client.listObjects(under: folder).map {
        ListedFile(String($0.key.dropFirst(folder.key.count)), size: $0.size)
      }
    }
    let folder = data.folder
    let maximumBytes = try LayoutRules.load().maximumCSVBytes
    return try PhotographLayout(listings, place: String(describing: data)) { path in
      try client.readObject(
        S3Location(bucket: folder.bucket, key: folder.key + path), maximumBytes: maximumBytes)
    }
  }

  /// Understands a folder of this machine.
  ///
  /// - Parameter output: the folder that the run writes, which may be inside of the data.
  /// - Throws: `TrainingError` when it does not exist or cannot be read; `Refusal` for what train.py
  ///   would refuse.
  package static func inFolder(
    _ path: String, output: String? = nil,
    fractions: PhotographLayout.Fractions = PhotographLayout.Fractions()
  ) throws -> PhotographLayout {
    let root = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    var files: [ListedFile] = []
    try list(try existing(path), "", parents: [], into: &files)
    return try PhotographLayout(
      [.train: files], fractions: fractions, place: path,
      outputs: output.flatMap { below(root.path, $0) }.map { [$0] } ?? []
    ) { name in
      let file = root.appendingPathComponent(name)
      do { return [UInt8](try Data(contentsOf: file)) } catch {
        throw TrainingError("\(file.path) cannot be read: \(error.localizedDescription)")
      }
    }
  }

  /// All files below a folder; those of hidden folders are left out.
  ///
  /// - Throws: `TrainingError` when it does not exist or cannot be read.
  package static func files(in path: String) throws(TrainingError) -> [ListedFile] {
    var files: [ListedFile] = []
    try list(try existing(path), "", parents: [], into: &files)
    return files.filter { !$0.isFolder }
  }

  /// The real path of a folder that there is.
  private static func existing(_ path: String) throws(TrainingError) -> String {
    let root = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root, isDirectory: &isFolder) else {
      throw TrainingError("the folder \(path) does not exist")
    }
    guard isFolder.boolValue else { throw TrainingError("\(path) is a file, not a folder") }
    return root
  }

  /// The names that stand for training, validation, or test photographs.
  package static func splits(among names: [String]) throws(TrainingError) -> [String] {
    let rules = try LayoutRules.load()
    return names.filter { rules.split(of: $0) != nil }
  }

  /// The photographs and CSV files below a folder, each with its size and the time of its last
  /// change.
  static func states(in path: String) throws(TrainingError) -> [String] {
    let root = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    var files: [ListedFile] = []
    try list(root.path, "", parents: [], into: &files)
    var ignored = IgnoredPaths()
    let level = ListingSorter(files, outputs: [], rules: try .load()).level(&ignored)
    return (level.photographs + level.tables).map { parts in
      let name = parts.joined(separator: "/")
      return "\(name) \(state("\(root.path)/\(name)"))"
    }
  }

  /// Size and time of a file; empty when there is none.
  package static func state(_ path: String) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { return "" }
    return "\(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }

  /// Symbolic links are followed, but not back into a folder that they are in.
  private static func list(
    _ folder: String, _ prefix: String, parents: [String], into files: inout [ListedFile]
  ) throws(TrainingError) {
    let manager = FileManager.default
    let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    guard !parents.contains(real) else { return }
    let names: [String]
    do { names = try manager.contentsOfDirectory(atPath: folder) } catch {
      throw TrainingError("\(folder) cannot be read: \(error.localizedDescription)")
    }
    for name in names {
      let path = "\(folder)/\(name)"
      var status = stat()
      guard stat(path, &status) == 0 else {
        files.append(ListedFile(prefix + name, size: -1))
        continue
      }
      if status.st_mode & S_IFMT == S_IFDIR {
        files.append(ListedFile("\(prefix)\(name)/", size: 0))
        if name.hasPrefix(".") { continue }
        try list(path, "\(prefix)\(name)/", parents: parents + [real], into: &files)
      } else {
        files.append(ListedFile(prefix + name, size: Int(status.st_size)))
      }
    }
  }

  /// The path of a folder below another one; nil when it is not.
  private static func below(_ root: String, _ path: String) -> String? {
    let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
    // The output folder may not exist yet, and the link is above it.
    let parent = URL(fileURLWithPath: absolute).deletingLastPathComponent()
      .resolvingSymlinksInPath().path
    let real = "\(parent)/\(URL(fileURLWithPath: absolute).lastPathComponent)"
    return real.hasPrefix("\(root)/") ? String(real.dropFirst(root.count + 1)) : nil
  }
}
