import Testing

@testable import CapacityPlanner

@Suite struct HistogramTests {
  @Test func bucketsFollowEachOtherAndAreAtMostAQuarterPercentWide() {
    var last = -1
    for bucket in 0..<LatencyHistogram.bucketCount - 1 {
      let end = LatencyHistogram.upperEnd(of: bucket)
      #expect(LatencyHistogram.bucket(of: end) == bucket)
      #expect(LatencyHistogram.bucket(of: end + 1) == bucket + 1)
      #expect(Double(end - Int64(last)) <= max(1, Double(end) / 256 + 1))
      last = Int(end)
    }
  }

  @Test func percentilesAreNeverTooLow() {
    var recorder = LatencyRecorder()
    for value in 1...10_000 { recorder.record(Int64(value) * 100) }
    _ = recorder.endPoint([])
    let histogram = recorder.total
    for share in [0.5, 0.9, 0.99, 0.999, 1] {
      let exact = Duration.microseconds(Int64(share * 1e6))
      let found = histogram.percentile(share) ?? .zero
      #expect(found >= exact && found <= exact * 1.004)
    }
    #expect(histogram.minimum == .microseconds(100))
    #expect(histogram.maximum == .seconds(1))
    #expect(histogram.mean == .microseconds(500_050))
  }

  @Test func requestsThatNeverEndedAreSlowerThanAnyLatency() {
    var recorder = LatencyRecorder()
    for _ in 0..<98 { recorder.record(1000) }
    _ = recorder.endPoint([])
    #expect(recorder.total.percentile(0.98, of: 100) == .milliseconds(1))
    #expect(recorder.total.percentile(0.99, of: 100) == nil)
  }
}
