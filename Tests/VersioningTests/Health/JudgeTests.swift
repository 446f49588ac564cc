import AWSControl
import HTTPClient
import OperationsSupport
import Testing

@testable import Versioning

/// Cases that other judges get wrong.
@Suite struct JudgeTests {
  private func verdict(
    _ limits: HealthLimits = HealthLimits(), _ change: (inout HealthSample) -> Void
  ) -> Verdict {
    var sample = HealthSample()
    change(&sample)
    return Judge(new: "6", old: "5", limits: limits, elapsedMilliseconds: 600_000).verdict(sample)
  }

  /// Minutes of the same defects.
  private func defects(
    _ new: (Int, of: Int), old: (Int, of: Int), minutes: Int, before: (Int, of: Int) = (0, 0)
  ) -> DefectSample {
    var sample = DefectSample()
    sample.minutes = Array(
      repeating: MinutePair(
        newDefects: new.0, newTotal: new.of, oldDefects: old.0, oldTotal: old.of), count: minutes)
    sample.new = DefectCount(defects: new.0 * minutes, total: new.of * minutes)
    sample.old = DefectCount(defects: old.0 * minutes, total: old.of * minutes)
    sample.before = DefectCount(defects: before.0, total: before.of)
    return sample
  }

  @Test func oneSparseErrorIsNotARollback() {
    var errors = defects((0, of: 3), old: (0, of: 27), minutes: 12)
    errors.minutes[4].newDefects = 1
    errors.new.defects = 1
    let verdict = verdict { $0.errors = errors }
    #expect(verdict.outcome == .inconclusive)
    #expect(verdict.reason.contains("more invocations without a failure are needed"))
  }

  @Test func sparseErrorsOfALargeSampleThatTheOldVersionHasTooPass() {
    let verdict = verdict { $0.errors = defects((1, of: 1_000), old: (9, of: 9_000), minutes: 10) }
    #expect(verdict.outcome == .pass, "\(verdict)")
  }

  @Test func twoInvocationsThatBothFailAreARollback() {
    #expect(
      verdict { $0.errors = defects((1, of: 1), old: (0, of: 9), minutes: 1) }.outcome
        == .inconclusive)
    let verdict = verdict { $0.errors = defects((1, of: 1), old: (0, of: 9), minutes: 2) }
    #expect(verdict.outcome == .fail)
    #expect(verdict.reason == "all 2 invocations failed; version 5: 0 of 18 in the same minutes")
  }

  @Test func invocationsOfTheCurrentMinuteCountWhenAllFail() {
    #expect(verdict { $0.errors.new = DefectCount(defects: 2, total: 2) }.outcome == .fail)
  }

  @Test func quietOldVersionNeitherFailsNorExcusesTheNewOne() {
    let good = verdict { $0.errors = defects((0, of: 50), old: (0, of: 0), minutes: 10) }
    #expect(good.outcome == .pass)
    let bad = verdict { $0.errors = defects((5, of: 50), old: (0, of: 0), minutes: 10) }
    #expect(bad.outcome == .fail)
    let one = verdict { $0.errors = defects((5, of: 50), old: (0, of: 1), minutes: 10) }
    #expect(one.outcome == .fail)
  }

  @Test func versionWithTwiceTheTrafficAndTwiceTheErrorsPasses() {
    let verdict = verdict { $0.errors = defects((8, of: 400), old: (4, of: 200), minutes: 30) }
    #expect(verdict.outcome == .pass, "\(verdict)")
  }

  @Test func errorsThatTheOldVersionAlwaysHadPassAlsoWhenItHasNoTrafficAnyMore() {
    let verdict = verdict {
      $0.errors = defects((3, of: 100), old: (0, of: 0), minutes: 30, before: (180, of: 6_000))
    }
    #expect(verdict.outcome == .pass, "\(verdict)")
  }

  @Test func noTrafficIsNoPass() {
    let verdict = verdict { _ in }
    #expect(verdict.outcome == .inconclusive)
    #expect(verdict.reason == "367 more invocations without a failure are needed")
    #expect(verdict.evidence == "no invocations")
  }

  // MARK: Durations

  /// All durations of a minute at or below these, as shares of the invocations.
  private func slow(new: [Double: Int], old: [Double: Int], minutes: Int) -> [DefectSample] {
    HealthLimits.durations.map { limit in
      func beyond(_ durations: [Double: Int], _ limit: Double) -> Int {
        durations.filter { $0.key > limit }.values.reduce(0, +)
      }
      return defects(
        (beyond(new, limit * 1.5), of: new.values.reduce(0, +)),
        old: (beyond(old, limit), of: old.values.reduce(0, +)), minutes: minutes)
    }
  }

  private func timed(new: [Double: Int], old: [Double: Int], minutes: Int = 10) -> Verdict {
    verdict {
      $0.errors = defects(
        (0, of: new.values.reduce(0, +)), old: (0, of: old.values.reduce(0, +)), minutes: minutes)
      $0.slow = slow(new: new, old: old, minutes: minutes)
    }
  }

  @Test func seventyPercentOutliersFailAlthoughTheyAreNoOutliersAnyMore() {
    let verdict = timed(new: [200: 15, 9_000: 35], old: [200: 450])
    #expect(verdict.outcome == .fail)
    #expect(verdict.reason.contains("invocations took longer than"))
  }

  @Test func seventyPercentOutliersOfBothVersionsPass() {
    let verdict = timed(new: [200: 15, 9_000: 35], old: [200: 135, 9_000: 315])
    #expect(verdict.outcome == .pass, "\(verdict)")
  }

  @Test func slowTailThatAMedianDoesNotShowFails() {
    let verdict = timed(new: [200: 45, 9_000: 5], old: [200: 450])
    #expect(verdict.outcome == .fail)
  }

  @Test func versionThatIsATenthSlowerPasses() {
    #expect(timed(new: [220: 50], old: [200: 450]).outcome == .pass)
  }

  @Test func versionThatIsThreeTimesSlowerFails() {
    #expect(timed(new: [600: 50], old: [200: 450]).outcome == .fail)
  }

  @Test func limitOfTheDurationIsJudgedAlone() {
    let limits = HealthLimits(maximumDurationMilliseconds: 500)
    let good = verdict(limits) {
      $0.errors = defects((0, of: 50), old: (0, of: 450), minutes: 10)
      $0.slow = slow(new: [400: 50], old: [200: 450], minutes: 10)
      $0.beyondLimit = DefectCount(defects: 2, total: 500)
    }
    #expect(good.outcome == .pass)
    let bad = verdict(limits) {
      $0.errors = defects((0, of: 50), old: (0, of: 450), minutes: 10)
      $0.beyondLimit = DefectCount(defects: 30, total: 500)
    }
    #expect(bad.reason == "30 of 500 invocations took longer than 500 ms, the limit of p99")
  }

  /// docs/operations-deploy.md names the number, since each one is billed.
  @Test func lookRequestsFiftyMetricsAtMost() throws {
    let client = try ControlFixture(url: "http://127.0.0.1:9").client
    let body =
      #"{"MetricDataResults":[{"Id":"newInvocations","StatusCode":"Complete","Timestamps":[],"Values":[]}]}"#
    var requested: [Int] = []
    client.answer = { operation in
      requested.append((operation as? GetMetricData)?.queries.count ?? 0)
      return HTTPResponse(status: 200, headers: HTTPHeaders(), body: Array(body.utf8))
    }
    let reader = HealthReader(
      functionName: "f", alias: "live", new: "6", old: "5",
      limits: HealthLimits(maximumDurationMilliseconds: 900), endpointName: "dogs",
      failureQueue: "failures", client: client)
    _ = try reader.read(since: 1_700_000_000, now: 1_700_000_600)
    #expect(requested == [50])
  }
}
