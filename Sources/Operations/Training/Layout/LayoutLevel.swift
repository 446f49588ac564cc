/// What is below a folder, each path as its parts; `folders` are those that hold anything that
/// counts.
struct LayoutLevel {
  var photographs: [[String]] = []
  var folders: [[String]] = []
  /// CSV files.
  var tables: [[String]] = []

  /// The folders at the top, in order.
  var names: [String] { Set(folders.map { $0[0] }).sortedByCodePoints() }

  /// The folders at the top that have photographs in folders of their own.
  var nested: Set<String> { Set(photographs.filter { $0.count > 2 }.map { $0[0] }) }

  var hasTable: Bool { tables.contains { $0.count == 1 } }

  func inside(_ name: String) -> LayoutLevel {
    func below(_ paths: [[String]]) -> [[String]] {
      paths.filter { $0[0] == name && $0.count > 1 }.map { Array($0.dropFirst()) }
    }
    return LayoutLevel(
      photographs: below(photographs), folders: below(folders), tables: below(tables))
  }
}

/// A file or folder of a listing.
package struct ListedFile: Sendable, Equatable {
  /// Below the listed folder, without a leading slash; a folder's ends with one.
  package let path: String
  /// Bytes; below 0 for a file that cannot be read.
  package let size: Int

  package init(_ path: String, size: Int) {
    self.path = path
    self.size = size
  }

  var parts: [String] { path.split(separator: "/").map(String.init) }
  var isFolder: Bool { path.hasSuffix("/") }
}

/// Paths by the reason for which they are left out.
struct IgnoredPaths {
  private(set) var byReason: [String: [String]] = [:]

  mutating func add(_ reason: String, _ paths: [String]) {
    if !paths.isEmpty { byReason[reason, default: []] += paths }
  }

  mutating func remove(_ reason: String, _ path: String) {
    byReason[reason]?.removeAll { $0 == path }
    if byReason[reason]?.isEmpty == true { byReason[reason] = nil }
  }

  /// ` (ignored: 4 × .gif)`, or nothing.
  var parenthesis: String {
    let text = LayoutRules.listed(
      byReason.keys.sortedByCodePoints().map { "\(byReason[$0]?.count ?? 0) × \($0)" })
    return text.isEmpty ? "" : " (ignored: \(text))"
  }
}

/// Sorts a listing into what counts and what does not.
struct ListingSorter {
  let rules: LayoutRules
  /// Folders that this run writes, as parts.
  private var marked: Set<[String]>
  private let rows: [(parts: [String], file: ListedFile)]

  init(_ listing: [ListedFile], outputs: [String], rules: LayoutRules) {
    self.rules = rules
    rows = listing.map { (parts: $0.parts, file: $0) }.sorted {
      $0.parts.lexicographicallyPrecedes($1.parts) { left, right in
        left.utf8.lexicographicallyPrecedes(right.utf8)
      }
    }
    marked = Set(outputs.map { ListedFile($0, size: 0).parts })
    marked.formUnion(earlierOutputs())
  }

  func level(_ ignored: inout IgnoredPaths) -> LayoutLevel {
    var level = LayoutLevel()
    var folders = Set<[String]>()
    for (parts, file) in rows where !parts.isEmpty {
      var reason = unseen(parts)
      if reason == nil {
        for count in 1..<(parts.count + (file.isFolder ? 1 : 0)) where count <= parts.count {
          folders.insert(Array(parts.prefix(count)))
        }
      }
      if file.isFolder { continue }
      reason = reason ?? unread(parts[parts.count - 1], file.size)
      guard let reason else {
        level.photographs.append(parts)
        continue
      }
      ignored.add(reason, [parts.joined(separator: "/")])
      if reason == ".csv" { level.tables.append(parts) }
    }
    level.folders = Array(folders)
    return level
  }

  /// Folders with a file that train.py writes, and no photograph.
  private func earlierOutputs() -> Set<[String]> {
    var folders = Set(
      rows.filter { row in
        !row.file.isFolder && row.parts.count > 1
          && rules.outputFiles.contains(row.parts[row.parts.count - 1])
      }.map { Array($0.parts.dropLast()) })
    guard !folders.isEmpty else { return [] }
    for (parts, file) in rows
    where !file.isFolder && !parts.isEmpty && unread(parts[parts.count - 1], file.size) == nil {
      for count in 0..<parts.count { folders.remove(Array(parts.prefix(count))) }
    }
    return folders
  }

  private func unseen(_ parts: [String]) -> String? {
    if parts.contains(where: { $0.hasPrefix(".") }) { return "hidden" }
    if parts.contains(where: { rules.systemNames.contains($0.lowercased()) }) {
      return "system file"
    }
    guard !marked.isEmpty else { return nil }
    return (1...parts.count).contains { marked.contains(Array(parts.prefix($0))) }
      ? "output of a training" : nil
  }

  private func unread(_ name: String, _ size: Int) -> String? {
    let dot = name.lastIndex(of: ".")
    let hasStem = dot.map { $0 > name.startIndex } ?? false
    let fileExtension =
      hasStem ? dot.map { name[name.index(after: $0)...].lowercased() } ?? "" : ""
    guard rules.photographExtensions.contains(fileExtension) else {
      return fileExtension.isEmpty ? "no extension" : ".\(fileExtension)"
    }
    if size == 0 { return "empty file" }
    if size < 0 { return "unreadable file" }
    return size > rules.maximumFileBytes ? "file too large" : nil
  }
}
