import AWSControl
import Foundation

/// How a listing of files is understood: which photographs are of which class and split.
///
/// The rules are those of `layout.py`, so that nothing is paid for that train.py would refuse or
/// read differently: names and sentences come from `layout-rules.json`, and
/// `.ci/checks/training/layouts.json` has listings with their verdicts for both.
package struct PhotographLayout: Sendable, Equatable {
  package enum Split: String, Sendable, CaseIterable {
    case train, validation, test
  }

  /// The part of each class to hold out where no folder is for it, 0 to 0.5.
  package struct Fractions: Sendable, Equatable {
    package var validation = 0.15
    package var test = 0.15

    package init(validation: Double = 0.15, test: Double = 0.15) {
      self.validation = validation
      self.test = test
    }
  }

  /// `classes`, `splits`, or `csv`.
  package let layout: String
  /// The folder that everything is in; empty when it is the listed one itself.
  package let root: String
  /// Photographs by class and split, as if all were whole and different.
  package let counts: [String: [Split: Int]]
  /// Where the photographs of validation and test come from.
  package let heldOut: [Split: String]
  /// Paths by the reason for which they are left out.
  package let ignored: [String: [String]]
  /// Bytes of all files, also of those that are left out.
  package private(set) var bytes = 0

  package var classes: [String] { counts.keys.sortedByCodePoints() }
  package var total: Int { counts.values.reduce(0) { $0 + $1.values.reduce(0, +) } }

  package func count(_ split: Split) -> Int {
    counts.values.reduce(0) { $0 + ($1[split] ?? 0) }
  }

  private static let maximumExamples = 3

  /// What is printed before anything is read or paid.
  package var lines: [String] {
    let totals = Split.allCases.map { "\(count($0)) \($0)" }.joined(separator: ", ")
    let place = root.isEmpty ? "" : " in \(root)"
    return [
      "layout: \(layout)\(place); \(counts.count) classes: \(LayoutRules.listed(classes))",
      "counts by name: \(totals)",
      "held out: "
        + [Split.validation, .test].map { "\($0): \(heldOut[$0] ?? "")" }.joined(separator: "; "),
    ]
      + ignored.keys.sortedByCodePoints().map { reason in
        let paths = (ignored[reason] ?? []).sortedByCodePoints()
        let examples = LayoutRules.listed(Array(paths.prefix(Self.maximumExamples)))
        return "ignored: \(paths.count) × \(reason), for example \(examples)"
      }
  }

  /// The disk of a training job: the data twice (files, and a frozen backbone's features or the
  /// packed model), and 20 GB for image, checkpoints and model; 30 GB at least.
  package var volumeGigabytes: Int {
    max(30, 20 + Int((2 * Double(bytes) / 1e9).rounded(.up)))
  }

  /// Understands the listings of the channels.
  ///
  /// - Parameters:
  ///   - listings: of the channel train at least; those of validation and test replace what train
  ///     has of them.
  ///   - place: what train's listing is of, for messages.
  ///   - outputs: folders below train that this run writes.
  ///   - read: the bytes of a CSV file of the train channel.
  /// - Throws: `Refusal` for what train.py would refuse; what `read` throws.
  package init(
    _ listings: [Split: [ListedFile]], fractions: Fractions = Fractions(), place: String,
    outputs: [String] = [], read: @escaping (String) throws -> [UInt8]
  ) throws {
    let reader = LayoutReader(rules: try .load(), read: read)
    let found = try reader.understand(listings, place: place, outputs: outputs)
    let (wanted, sources) = try reader.check(found, fractions)
    var counts: [String: [Split: Int]] = [:]
    for name in found.classes { counts[name] = [.train: 0, .validation: 0, .test: 0] }
    for (split, photographs) in found.splits {
      for photograph in photographs { counts[photograph.label]?[split]? += 1 }
    }
    for (name, row) in counts {
      for (split, count) in Self.parts(row[.train] ?? 0, wanted) {
        counts[name]?[.train]? -= count
        counts[name]?[split]? += count
      }
    }
    (layout, root, heldOut) = (found.layout, found.root, sources)
    (self.counts, ignored) = (counts, found.ignored.byReason)
    bytes = listings.values.joined().reduce(0) { $0 + max(0, $1.size) }
  }

  /// Photographs of a class of this size for each split: at least one each, and one is left for
  /// training.
  private static func parts(_ count: Int, _ fractions: [(Split, Double)]) -> [(Split, Int)] {
    var left = count
    return fractions.enumerated().map { index, entry in
      let share = (Double(count) * entry.1).rounded(.toNearestOrEven)
      let size = max(1, min(Int(share), left - (fractions.count - index)))
      left -= size
      return (entry.0, size)
    }
  }
}
