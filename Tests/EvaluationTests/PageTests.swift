import Foundation
import Prices
import Testing

@testable import Evaluation

@Suite struct PageTests {
  private static let evil =
    #"uploads/"><script>alert(1)</script><img src=x onerror=alert(2)>'&.jpg"#

  /// As many classes as the tutorial has; every name and key is hostile.
  private func evaluation(classes: Int = 133, photographs: Int = 400) -> Evaluation {
    let names = (0..<classes).map { "\($0) \(Self.evil)" }
    let observations = (0..<photographs).map { index -> Observation in
      let truth = index % classes
      let predicted = index % 3 == 0 ? (truth + 1 + index % 5) % classes : truth
      let confidence = 0.2 + 0.79 * Double(index % 101) / 100
      return Observation(
        key: "\(index)/\(Self.evil)", label: names[truth], truth: truth, predicted: predicted,
        confidence: confidence, truthProbability: predicted == truth ? confidence : 0.1,
        truthRank: predicted == truth ? 1 : 2, listed: classes, endpointMilliseconds: 40,
        functionMilliseconds: 50)
    }
    let unmatched = Observation(
      key: "u/\(Self.evil)", label: Self.evil, predicted: 0, confidence: 0.4, listed: classes)
    return Evaluation(
      model: Self.evil, classes: names, observations: observations + [unmatched],
      failures: [.init(key: Self.evil, label: nil, reason: Self.evil)],
      skipped: [.init(key: Self.evil, label: nil, reason: Self.evil)])
  }

  private func harmless(_ html: String, pictures: Int? = nil) {
    #expect(!html.contains("<script"))
    #expect(!html.contains("<img src=x"))
    // Would end an attribute.
    #expect(!html.contains("uploads/\""))
    #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    for outside in ["http:", "https:", "@import", "url(", " src=\"/"] {
      #expect(!html.contains(outside), "\(outside)")
    }
    if let pictures {
      #expect(html.components(separatedBy: "<img src=\"data:image/jpeg").count == pictures + 1)
    }
  }

  /// With everything that there can be on the page.
  fileprivate var compared: String {
    let evaluation = evaluation()
    let page = EvaluationPage(
      evaluation, comparison: comparison(evaluation),
      cost: try? ThousandCost(
        functionMilliseconds: 50, endpointMilliseconds: 40, memoryMB: 256,
        instanceType: "ml.m5.large", prices: .usEast1()),
      thumbnails: thumbnails(evaluation))
    return page.html
  }

  private func comparison(_ evaluation: Evaluation) -> EvaluationComparison {
    EvaluationComparison(
      old: Evaluation(
        model: Self.evil, classes: evaluation.classes,
        observations: evaluation.observations.map { observation in
          var observation = observation
          observation.predicted = (observation.predicted + 1) % 133
          return observation
        }), new: evaluation)
  }

  private func thumbnails(_ evaluation: Evaluation) -> [String: String] {
    Dictionary(
      EvaluationPage.pictured(evaluation, comparison(evaluation)).map {
        ($0, "data:image/jpeg;base64,AAAA")
      }, uniquingKeysWith: { first, _ in first })
  }

  @Test func keysClassesAndReasonsAreText() {
    harmless(compared, pictures: 4 * EvaluationPage.maximumPictures)
    let evaluation = evaluation()
    let keys = EvaluationPage.pictured(evaluation, comparison(evaluation))
    #expect(keys.count <= 4 * EvaluationPage.maximumPictures)
  }

  @Test func pageShowsEverySection() throws {
    let evaluation = evaluation()
    let cost = try ThousandCost(
      functionMilliseconds: 50, endpointMilliseconds: 40, memoryMB: 256,
      instanceType: "ml.m5.large", prices: .usEast1())
    let html = EvaluationPage(evaluation, cost: cost).html
    for heading in [
      "Sure and wrong", "Confusion matrix", "Worst confusions", "Least sure", "Probabilities",
      "Classes", "Time and cost", "Not judged",
    ] {
      #expect(html.contains("<h2>\(heading)</h2>"), "\(heading)")
    }
    #expect(html.contains("66.5\u{A0}% of 400 photographs are classified correctly"))
    #expect(html.contains("The 24 of 133 classes with the most mistakes"))
  }

  @Test func picturesFromElsewhereAreLeftOut() {
    let evaluation = evaluation()
    let thumbnails = Dictionary(
      EvaluationPage.pictured(evaluation, nil).map { ($0, "https://example.com/1.jpg") },
      uniquingKeysWith: { first, _ in first })
    #expect(!EvaluationPage(evaluation, thumbnails: thumbnails).html.contains("<img"))
  }

  @Test func evaluationWithoutJudgedPhotographsSaysSo() {
    let evaluation = Evaluation(
      model: "m", classes: ["a"],
      observations: [Observation(key: "k", predicted: 0, confidence: nil, listed: 1)])
    let html = EvaluationPage(evaluation).html
    #expect(html.contains("nothing is known of their accuracy"))
    #expect(!html.contains("Confusion matrix"))
    #expect(!html.contains("nan"))
  }

  @Test func evaluationWithoutMistakesHasNone() {
    let html = EvaluationPage(.made(classes: 2, [(0, 0, 0.9), (1, 1, 0.8)])).html
    #expect(!html.contains("Worst confusions"))
    #expect(html.contains("100.0\u{A0}% of 2 photographs"))
  }

  // MARK: Pages of the other commands

  fileprivate var summary: String {
    var summary = SummaryPage(source: "s3://\(Self.evil)", total: 1000)
    summary.classes = (0..<133).map { ("\($0) \(Self.evil)", 133 - $0, 0.5) }
    summary.histogram = (0..<20).map { $0 * 3 }
    summary.days = [("2026-11-25", 400), ("2026-11-26", 600)]
    summary.threshold = (0.6, 120)
    summary.latencies = [.init(name: "endpoint", p50: 40, p90: 60, p99: 120, maximum: 900)]
    summary.leastSure = [
      PhotographCard(
        key: Self.evil, predicted: Self.evil, probability: 0.1,
        thumbnail: "data:image/jpeg;base64,AAAA")
    ]
    summary.notes = [Self.evil]
    return summary.html
  }

  @Test func summaryIsAPage() {
    let html = summary
    harmless(html, pictures: 1)
    for heading in ["Classes", "Probabilities and days", "Least sure", "Latency"] {
      #expect(html.contains("<h2>\(heading)</h2>"), "\(heading)")
    }
    #expect(html.contains("120 photographs below 60.0\u{A0}%"))
  }

  fileprivate var backfill: String {
    var backfill = BackfillPage(
      job: Self.evil, state: "Complete", objects: 310, succeeded: 290, failed: 10)
    backfill.elapsedSeconds = 60
    backfill.classes = [("pug", 290, nil)]
    backfill.failures = [(Self.evil, 10, [Self.evil])]
    backfill.leftOut = [("a folder", 10, [])]
    backfill.costs = [("S3 Batch Operations", 0.25), ("Lambda", 1.03)]
    return backfill.html
  }

  @Test func backfillIsAPage() {
    let html = backfill
    harmless(html, pictures: 0)
    #expect(html.contains("290 photographs classified, 10 failed"))
    #expect(html.contains("5.0 per second"))
    #expect(html.contains("<td>$1.28</td>"))
  }

  @Test func emptyPagesAreWhole() {
    for html in [
      SummaryPage(source: "s3://b/", total: 0).html,
      BackfillPage(job: "j", state: "Failed", objects: 0, succeeded: 0, failed: 0).html,
    ] {
      #expect(html.hasSuffix("</html>\n"))
      #expect(!html.contains("nan") && !html.contains("inf"))
    }
  }
}

/// Writes pages for a browser (`.ci/checks/evaluation.sh`).
@Suite struct PageDumpTests {
  private static let folder = ProcessInfo.processInfo.environment["EVALUATION_PAGES"]

  @Test(.enabled(if: folder != nil, ".ci/checks/evaluation.sh sets EVALUATION_PAGES"))
  func pagesAreWrittenForTheBrowser() throws {
    let folder = try #require(Self.folder)
    let pages = PageTests()
    for (name, html) in [
      ("evaluation", pages.compared), ("summary", pages.summary), ("backfill", pages.backfill),
    ] {
      try Data(html.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name).html"))
    }
  }
}
