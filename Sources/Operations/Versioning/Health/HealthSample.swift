import Foundation

/// How many invocations had a defect.
package struct DefectCount: Equatable, Sendable {
  package var defects: Int
  package var total: Int

  package init(defects: Int = 0, total: Int = 0) {
    self.defects = defects
    self.total = total
  }

  package var share: Double { total == 0 ? 0 : Double(defects) / Double(total) }

  /// `2 of 3700`
  package var text: String { "\(defects) of \(total)" }

  static func + (left: DefectCount, right: DefectCount) -> DefectCount {
    DefectCount(defects: left.defects + right.defects, total: left.total + right.total)
  }
}

/// One kind of defect since the new version got its first traffic.
package struct DefectSample: Equatable, Sendable {
  /// Minutes that are complete.
  package var minutes: [MinutePair] = []
  /// The new version, the current minute included.
  package var new = DefectCount()
  /// The old version in the same time.
  package var old = DefectCount()
  /// The old version in the hour before.
  package var before = DefectCount()

  package init() {}

  /// A minute in which the old version has less than this part of the new one's traffic says little
  /// about it.
  private static let smallestPart = 10

  /// The natural logarithm of the evidence that the new version is worse: than the old version in
  /// the same minutes, and where the old one has hardly any traffic, than the hour before plus a
  /// margin.
  func logEvidence(margin: Double) -> Double {
    var excess = ExcessTest()
    var alone = DefectCount()
    for minute in minutes {
      excess.add(minute)
      if minute.oldTotal * Self.smallestPart < minute.newTotal {
        alone = alone + DefectCount(defects: minute.newDefects, total: minute.newTotal)
      }
    }
    let limit = min(1, before.share + margin)
    return logMean([
      excess.logEvidence,
      ProportionTest.logEvidence(above: limit, defects: alone.defects, total: alone.total),
    ])
  }

  /// Evidence that outweighs the risk of a false failure.
  func isWorse(margin: Double) -> Bool {
    logEvidence(margin: margin) >= -log(HealthLevel.falseFailure)
  }

  /// The share that must be excluded for a pass: the old version's, as far as it is certain, plus the
  /// margin or as much again, whichever is more.
  func limit(margin: Double) -> Double {
    let known = old + before
    let certain = ProportionTest.lowerBound(
      defects: known.defects, total: known.total, level: HealthLevel.falsePass)
    return certain + max(margin, certain)
  }

  /// The largest share that the sample does not exclude.
  var upperBound: Double {
    ProportionTest.upperBound(
      defects: new.defects, total: new.total, level: HealthLevel.falsePass)
  }
}

/// What CloudWatch has of two versions.
package struct HealthSample: Equatable, Sendable {
  /// Lambda's errors.
  package var errors = DefectSample()
  package var throttles = DefectSample()
  /// Images that the function could not classify; no totals when it writes no metrics by version.
  package var failures = DefectSample()
  /// The same of both versions, as the function writes them for its endpoint.
  package var endpointFailures = DefectSample()
  /// Invocations that took longer than each of `HealthLimits.durations`, the new version's longer
  /// than the ratio times it.
  package var slow: [DefectSample] = []
  /// Invocations of the new version beyond its own limit of p99; nil without one.
  package var beyondLimit: DefectCount?
  /// Responses of the function URL with status 5xx, of both versions.
  package var serverErrors = DefectSample()
  /// Arrivals in the failure queue per invocation of both versions.
  package var lostEvents = DefectSample()
  /// Alarms that are in the state ALARM.
  package var alarms: [String] = []
  /// Mean of the minutes' p99 in milliseconds; nil without invocations.
  package var p99Milliseconds: Double?
  package var oldP99Milliseconds: Double?

  package init() {}
}
