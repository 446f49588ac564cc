import Foundation

/// What the sample says about a new version.
package struct Verdict: Equatable, Sendable {
  package enum Outcome: String, Sendable {
    case pass, fail, inconclusive
  }

  package let outcome: Outcome
  /// The defect of a version that fails; the sample that is still needed when it is inconclusive.
  package let reason: String
  /// The numbers behind the verdict.
  package let evidence: String
}

/// Judges a sample. The levels are `HealthLevel`'s; docs/operations-deploy.md describes the rules.
struct Judge {
  let new: String
  let old: String
  let limits: HealthLimits
  /// How long the sample took so far.
  let elapsedMilliseconds: Int64

  func verdict(_ sample: HealthSample) -> Verdict {
    let evidence = evidence(sample)
    if let reason = failure(sample) {
      return Verdict(outcome: .fail, reason: reason, evidence: evidence)
    }
    if let reason = missing(sample) {
      return Verdict(outcome: .inconclusive, reason: reason, evidence: evidence)
    }
    return Verdict(outcome: .pass, reason: "", evidence: evidence)
  }

  // MARK: Failure

  private func failure(_ sample: HealthSample) -> String? {
    if !sample.alarms.isEmpty {
      return "alarm \(sample.alarms.joined(separator: ", ")) is in the state ALARM"
    }
    for (kind, defects) in [("invocations", sample.errors), ("images", sample.failures)]
    where defects.new.total >= 2 && defects.new.defects >= defects.new.total {
      return "all \(defects.new.total) \(kind) failed\(comparison(defects))"
    }
    let margin = limits.maximumErrorShare
    for (words, defects) in [
      ("invocations failed", sample.errors), ("images failed", sample.failures),
      ("invocations were throttled", sample.throttles),
    ] where defects.isWorse(margin: margin) {
      return "\(defects.new.text) \(words)\(comparison(defects))"
    }
    for (words, defects) in [
      ("images of the endpoint failed", sample.endpointFailures),
      ("responses of the function URL had status 5xx", sample.serverErrors),
      ("invocations ended in the failure queue", sample.lostEvents),
    ] where defects.isWorse(margin: margin) {
      return "\(defects.new.text) \(words), in the hour before \(defects.before.text)"
    }
    return slowness(sample)
  }

  private func comparison(_ defects: DefectSample) -> String {
    defects.old.total > 0
      ? "; version \(old): \(defects.old.text) in the same minutes"
      : "; version \(old): \(defects.before.text) in the hour before"
  }

  private func slowness(_ sample: HealthSample) -> String? {
    let threshold = -log(HealthLevel.falseFailure)
    if let limit = limits.maximumDurationMilliseconds, let beyond = sample.beyondLimit,
      ProportionTest.logEvidence(above: 0.01, defects: beyond.defects, total: beyond.total)
        >= threshold
    {
      return "\(beyond.text) invocations took longer than \(milliseconds(limit)), the limit of p99"
    }
    let evidence = sample.slow.map { $0.logEvidence(margin: limits.maximumErrorShare) }
    guard limits.maximumDurationMilliseconds == nil, !evidence.isEmpty,
      logMean(evidence) >= threshold,
      let largest = evidence.indices.max(by: { evidence[$0] < evidence[$1] })
    else { return nil }
    let slow = sample.slow[largest]
    let duration = HealthLimits.durations[largest]
    let reference = slow.old.total > 0 ? slow.old : slow.before
    return
      "\(slow.new.text) invocations took longer than \(milliseconds(duration * limits.maximumDurationRatio)); "
      + "version \(old): \(reference.text) longer than \(milliseconds(duration))"
  }

  // MARK: The sample that is missing

  private func missing(_ sample: HealthSample) -> String? {
    let margin = limits.maximumErrorShare
    var kinds = [("invocations", sample.errors)]
    if sample.failures.new.total > 0 { kinds.append(("images", sample.failures)) }
    for (kind, defects) in kinds {
      let limit = defects.limit(margin: margin)
      guard defects.upperBound > limit else { continue }
      guard
        let needed = ProportionTest.totalNeeded(
          defects: defects.new.defects, limit: limit, level: HealthLevel.falsePass)
      else { return "\(defects.new.text) \(kind) failed, which no sample excuses" }
      let more = needed - defects.new.total
      return "\(more) more \(kind) without a failure are needed\(duration(more, defects.new.total))"
    }
    return nil
  }

  /// `, about 12 min at the present rate`
  private func duration(_ more: Int, _ total: Int) -> String {
    guard total > 0, elapsedMilliseconds > 0 else { return "" }
    let minutes = Double(more) / Double(total) * Double(elapsedMilliseconds) / 60_000
    guard minutes < 6_000 else { return "" }
    return ", about \(max(1, Int(minutes.rounded(.up)))) min at the present rate"
  }

  // MARK: Text

  /// `0 of 412 invocations failed (less than 0.9 %; version 5: 2 of 3700 in the same minutes), p99 187
  /// ms (version 5: 191 ms)`
  private func evidence(_ sample: HealthSample) -> String {
    guard sample.errors.new.total > 0 else { return "no invocations" }
    var parts = ["\(sample.errors.new.text) invocations failed (\(bound(sample.errors)))"]
    if sample.failures.new.total > 0 {
      parts.append("\(sample.failures.new.text) images failed (\(bound(sample.failures)))")
    }
    if sample.throttles.new.defects > 0 {
      parts.append("\(sample.throttles.new.defects) throttles")
    }
    if let p99 = sample.p99Milliseconds {
      let before = sample.oldP99Milliseconds.map { " (version \(old): \(milliseconds($0)))" } ?? ""
      parts.append("p99 \(milliseconds(p99))\(before)")
    }
    return parts.joined(separator: ", ")
  }

  private func bound(_ defects: DefectSample) -> String {
    let upper = (defects.upperBound * 1000).rounded(.up) / 1000
    let limit = defects.limit(margin: limits.maximumErrorShare)
    return "at most \(Share.text(upper)), limit \(Share.text(limit))" + comparison(defects)
  }

  private func milliseconds(_ value: Double) -> String { "\(Int(value.rounded())) ms" }
}
