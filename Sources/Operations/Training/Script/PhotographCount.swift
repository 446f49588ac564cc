import AWSControl
import Foundation

/// The contents of a folder of labeled photographs, by names and sizes: counted before anything is
/// billed.
package struct PhotographCount: Sendable, Equatable {
  /// Photographs by class, over all splits.
  package private(set) var byClass: [String: Int] = [:]
  /// Bytes of all objects, including those that are not photographs.
  package private(set) var bytes = 0
  /// Whether the classes are below the folders `train` and `validation`.
  package private(set) var hasSplits = false

  private static let extensions: Set<String> = ["jpg", "jpeg", "png", "webp"]
  private static let splits: Set<String> = [
    "train", "training", "validation", "valid", "val", "test",
  ]

  package var total: Int { byClass.values.reduce(0, +) }

  /// Counts paths below the data's folder: `CLASS/…/photo.jpg`, or `train/CLASS/photo.jpg`.
  ///
  /// - Parameter files: path without a leading slash, and size in bytes.
  package init(files: [(path: String, size: Int)]) {
    let parts = files.map { $0.path.split(separator: "/").map(String.init) }
    let top = Set(parts.filter { $0.count > 1 }.map { $0[0] })
    // The rule of dataset.py.
    hasSplits =
      top.isSubset(of: Self.splits) && !top.isDisjoint(with: ["train", "training"])
      && !top.isDisjoint(with: ["validation", "valid", "val"])
    for (file, parts) in zip(files, parts) {
      bytes += file.size
      let classIndex = hasSplits ? 1 : 0
      guard parts.count > classIndex, !parts.contains(where: { $0.hasPrefix(".") }) else {
        continue
      }
      let name = parts.last.map { ($0 as NSString).pathExtension.lowercased() } ?? ""
      let isPhotograph = parts.count > classIndex + 1 && Self.extensions.contains(name)
      if parts.count > classIndex + 1 || file.path.hasSuffix("/") {
        byClass[parts[classIndex], default: 0] += isPhotograph ? 1 : 0
      }
    }
  }

  /// Lists a prefix in S3.
  ///
  /// - Throws: `AWSError`: `NoSuchBucket`, `AccessDenied`, ….
  package static func inS3(
    _ location: S3Location, with client: ControlClient
  ) throws -> PhotographCount {
    let folder = location.folder
    return PhotographCount(
      files: try client.listObjects(under: folder).map {
        (String($0.key.dropFirst(folder.key.count)), $0.size)
      })
  }

  /// Counts a folder of this machine.
  ///
  /// - Throws: `TrainingError` when it does not exist.
  package static func inFolder(_ path: String) throws(TrainingError) -> PhotographCount {
    let root = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder),
      isFolder.boolValue,
      let entries = FileManager.default.enumerator(
        at: root, includingPropertiesForKeys: [.fileSizeKey, .isDirectoryKey])
    else { throw TrainingError("the folder \(path) does not exist") }
    var files: [(path: String, size: Int)] = []
    for case let url as URL in entries {
      let values = try? url.resourceValues(forKeys: [.fileSizeKey, .isDirectoryKey])
      let relative = String(url.path.dropFirst(root.path.count + 1))
      files.append(
        (relative + (values?.isDirectory == true ? "/" : ""), values?.fileSize ?? 0))
    }
    return PhotographCount(files: files)
  }

  /// Refuses what train.py would refuse, before a machine is billed.
  ///
  /// - Parameter place: where the data is, for the message.
  /// - Throws: `Refusal` for no photograph, one class only, an empty class.
  package func requireTrainable(_ place: String) throws(Refusal) {
    let wanted = "Create a folder for each class: \(place)/CLASS/photo.jpg"
    guard !byClass.isEmpty, total > 0 else {
      throw Refusal("\(place) has no photographs", advice: wanted)
    }
    guard byClass.count > 1 else {
      throw Refusal(
        "\(place) has only one class, \(byClass.keys.joined()): a classifier needs at least two",
        advice: wanted)
    }
    let empty = byClass.filter { $0.value == 0 }.keys.sorted()
    guard empty.isEmpty else {
      throw Refusal(
        "\(place) has no photographs of \(empty.joined(separator: ", "))",
        advice: "Add some (.jpg, .jpeg, .png, .webp) or remove the folder")
    }
  }

  /// The disk of a training job: the data twice (files, and a frozen backbone's features or the
  /// packed model), and 20 GB for image, checkpoints and model; 30 GB at least.
  package var volumeGigabytes: Int {
    max(30, 20 + Int((2 * Double(bytes) / 1e9).rounded(.up)))
  }
}
