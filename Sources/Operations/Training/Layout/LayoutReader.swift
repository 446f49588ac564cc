import AWSControl
import Foundation

/// `layout.py`, step by step.
struct LayoutReader {
  typealias Split = PhotographLayout.Split
  private static let outside = "outside a class folder"

  let rules: LayoutRules
  let read: (String) throws -> [UInt8]

  func understand(
    _ listings: [Split: [ListedFile]], place: String, outputs: [String]
  ) throws -> FoundPhotographs {
    var ignored = IgnoredPaths()
    var levels: [Split: LayoutLevel] = [:]
    for split in Split.allCases {
      guard let listing = listings[split] else { continue }
      let sorter = ListingSorter(
        listing, outputs: split == .train ? outputs : [], rules: rules)
      levels[split] = sorter.level(&ignored)
    }
    guard let train = levels.removeValue(forKey: .train), !train.photographs.isEmpty else {
      throw rules.refusal(
        "no-photographs", ["place": place, "ignored": ignored.parenthesis])
    }
    let (root, level) = root(of: train, &ignored)
    let inner = root.isEmpty ? place : "\(place)/\(root)"
    var found = try byFolderOrTable(level, root, inner, ignored)
    for (split, level) in levels.sorted(by: { $0.key.rawValue > $1.key.rawValue }) {
      let replaced = found.splits.removeValue(forKey: split) ?? []
      found.ignored.add("replaced by a channel", replaced.map(\.path))
      found.splits[split] = try classes(
        level, "", split, "the channel \(split)", &found.ignored)
      found.sources[split] = rules.source("channel", ["split": split.rawValue])
    }
    return found
  }

  /// Down through folders that have no other beside them, as long as class folders or a CSV can be
  /// below.
  private func root(
    of train: LayoutLevel, _ ignored: inout IgnoredPaths
  ) -> (String, LayoutLevel) {
    var root: [String] = []
    var level = train
    while true {
      let names = level.names
      guard names.count == 1, let name = names.first else { break }
      let inner = level.inside(name)
      let isLabeled = !level.hasTable && inner.hasTable
      let split = rules.split(of: name)
      guard !level.nested.isEmpty || isLabeled, split != .validation, split != .test else { break }
      ignored.add(
        Self.outside,
        level.photographs.filter { $0.count == 1 }.map { (root + $0).joined(separator: "/") })
      root.append(name)
      level = inner
    }
    return (root.joined(separator: "/"), level)
  }

  private func byFolderOrTable(
    _ level: LayoutLevel, _ root: String, _ place: String, _ ignored: IgnoredPaths
  ) throws -> FoundPhotographs {
    let names = level.names
    let splitNames = names.filter { rules.split(of: $0) != nil }
    let nested = level.nested
    var found = FoundPhotographs(
      layout: "classes", root: root, place: place, splits: [:], sources: [:], ignored: ignored)
    if nested.isEmpty, names.count < 2 || splitNames.count == names.count {
      if let table = try LabelTable.find(level, root, place, rules, read) {
        return try table.photographs(of: level, root, place, ignored)
      }
      if names.isEmpty || !splitNames.isEmpty {
        throw rules.refusal("no-class-folders", ["place": place])
      }
    }
    if splitNames.count == names.count {
      return try bySplit(level, root, place, ignored, splitNames)
    }
    guard splitNames.count <= 1, nested.isDisjoint(with: splitNames) else {
      throw rules.refusal(
        "mixed-splits",
        [
          "place": place, "splits": LayoutRules.listed(splitNames),
          "others": LayoutRules.listed(names.filter { !splitNames.contains($0) }),
        ])
    }
    try requireNoInnerSplits(level, place)
    found.splits[.train] = try classes(level, root, .train, place, &found.ignored)
    return found
  }

  private func bySplit(
    _ level: LayoutLevel, _ root: String, _ place: String, _ ignored: IgnoredPaths,
    _ names: [String]
  ) throws(Refusal) -> FoundPhotographs {
    var found = FoundPhotographs(
      layout: "splits", root: root, place: place, splits: [:], sources: [:], ignored: ignored)
    // In the order of their first folder, as Python's dictionary has them.
    for name in names {
      guard let split = rules.split(of: name) else { continue }
      let same = names.filter { rules.split(of: $0) == split }
      guard same.count == 1 else {
        throw rules.refusal(
          "two-folders",
          ["place": place, "split": split.rawValue, "folders": LayoutRules.listed(same)])
      }
    }
    guard names.contains(where: { rules.split(of: $0) == .train }) else {
      throw rules.refusal(
        "splits-without-train", ["place": place, "splits": LayoutRules.listed(names)])
    }
    for split in Split.allCases {
      guard let name = names.first(where: { rules.split(of: $0) == split }) else { continue }
      let inner = level.inside(name)
      let base = root.isEmpty ? name : "\(root)/\(name)"
      if split == .test, inner.folders.isEmpty {
        found.ignored.add(
          "unlabeled test photograph",
          inner.photographs.map { "\(base)/\($0.joined(separator: "/"))" })
        continue
      }
      found.splits[split] = try classes(inner, base, split, "\(place)/\(name)", &found.ignored)
      if split != .train { found.sources[split] = rules.source("folder", ["folder": name]) }
    }
    return found
  }

  private func requireNoInnerSplits(_ level: LayoutLevel, _ place: String) throws(Refusal) {
    var inner: [String: Set<String>] = [:]
    for parts in level.photographs where parts.count > 2 && rules.split(of: parts[1]) != nil {
      inner[parts[0], default: []].insert(parts[1])
    }
    for name in inner.keys.sortedByCodePoints() {
      let folders = inner[name] ?? []
      guard Set(folders.compactMap { rules.split(of: $0) }).count <= 1 else {
        throw rules.refusal(
          "splits-inside-class",
          [
            "place": place, "class": name,
            "splits": LayoutRules.listed(folders.sortedByCodePoints()),
          ])
      }
    }
  }

  /// The photographs of a folder of class folders.
  ///
  /// - Throws: `Refusal` for a class without photographs for training, or an impossible name.
  private func classes(
    _ level: LayoutLevel, _ base: String, _ split: Split, _ place: String,
    _ ignored: inout IgnoredPaths
  ) throws(Refusal) -> [FoundPhotographs.Photograph] {
    for name in level.names { try rules.checkClass(name, place) }
    func path(_ parts: [String]) -> String {
      (base.isEmpty ? "" : "\(base)/") + parts.joined(separator: "/")
    }
    let assigned = level.photographs.filter { $0.count > 1 }.map {
      FoundPhotographs.Photograph(path: path($0), label: $0[0])
    }
    ignored.add(Self.outside, level.photographs.filter { $0.count == 1 }.map(path))
    let empty = Set(level.names).subtracting(assigned.map(\.label))
    guard empty.isEmpty || split != .train else {
      throw rules.refusal(
        "empty-classes",
        [
          "place": place, "classes": LayoutRules.listed(empty.sortedByCodePoints()),
          "ignored": ignored.parenthesis,
        ])
    }
    return assigned
  }

  /// Refuses what cannot be trained on; the splits that are split off, in their order, and where
  /// validation and test come from.
  func check(
    _ found: FoundPhotographs, _ fractions: PhotographLayout.Fractions
  ) throws(Refusal) -> (wanted: [(Split, Double)], sources: [Split: String]) {
    let classes = found.classes
    guard let first = classes.first else {
      throw rules.refusal("empty-split", ["place": found.place, "split": "train"])
    }
    guard classes.count > 1 else {
      throw rules.refusal("one-class", ["place": found.place, "class": first])
    }
    for split in [Split.validation, .test] {
      guard let photographs = found.splits[split] else { continue }
      let unknown = Set(photographs.map(\.label)).subtracting(classes)
      guard unknown.isEmpty else {
        throw rules.refusal(
          "unknown-classes",
          [
            "place": "\(found.place), \(found.sources[split] ?? ""),",
            "classes": LayoutRules.listed(unknown.sortedByCodePoints()),
          ])
      }
      guard !photographs.isEmpty else {
        throw rules.refusal("empty-split", ["place": found.place, "split": split.rawValue])
      }
    }
    // Test first: what is left decides about validation.
    let wanted = [(Split.test, fractions.test), (.validation, fractions.validation)].filter {
      found.splits[$0.0] == nil && $0.1 > 0
    }
    guard found.splits[.validation] != nil || wanted.contains(where: { $0.0 == .validation })
    else { throw rules.refusal("no-validation", [:]) }
    try requireEnough(found, classes, needed: 1 + wanted.count)
    var sources: [Split: String] = [:]
    for split in [Split.validation, .test] {
      let share = wanted.first { $0.0 == split }.map { String(format: "%g", 100 * $0.1) }
      sources[split] =
        found.sources[split]
        ?? share.map { rules.source("fraction", ["percent": $0]) } ?? rules.source("none")
    }
    return (wanted, sources)
  }

  private func requireEnough(
    _ found: FoundPhotographs, _ classes: [String], needed: Int
  ) throws(Refusal) {
    var sizes: [String: Int] = [:]
    for photograph in found.splits[.train] ?? [] { sizes[photograph.label, default: 0] += 1 }
    let few = classes.filter { sizes[$0, default: 0] < needed }
    guard few.isEmpty else {
      throw rules.refusal(
        "too-few",
        [
          "needed": String(needed),
          "classes": LayoutRules.listed(few.map { "\($0) has \(sizes[$0, default: 0])" }),
        ])
    }
  }
}
