import Foundation
import TestSupport
import Testing

@testable import Training

@Suite struct TrainingPageTests {
  private static let evil = "<script>alert(1)</script>'\"&"

  /// A report of train.py, format 2, with two classes, one of them with a hostile name.
  private static func report(
    test: Bool = true, calibration: Bool = true, wrong: Bool = true, other: String = "dog"
  ) throws -> TrainingReport {
    let name = try String(
      decoding: JSONEncoder().encode(evil), as: UTF8.self)
    let bins = (0..<10).map { index in
      let isFilled = index == 9
      return
        "{\"from\":\(Double(index) / 10),\"to\":\(Double(index + 1) / 10),\"count\":\(isFilled ? 4 : 0),"
        + "\"confidence\":\(isFilled ? "0.97" : "null"),\"accuracy\":\(isFilled ? "0.75" : "null")}"
    }.joined(separator: ",")
    let pair =
      "{\"before\":{\"ece\":0.22,\"loss\":0.9,\"bins\":[\(bins)]},\"after\":{\"ece\":0.05,\"loss\":0.4,\"bins\":[\(bins)]}}"
    let tested = """
      {"loss":0.4,"accuracy":0.75,"interval":[0.3,0.954],"top5":null,
       "classes":[{"class":\(name),"photographs":2,"right":2,"recall":1.0,"interval":[0.34,1.0]},
                  {"class":"dog","photographs":2,"right":1,"recall":0.5,"interval":[0.09,0.91]}],
       "confusion":[[2,0],[\(wrong ? 1 : 0),1]],
       "confusions":[\(wrong ? "{\"class\":\"dog\",\"predicted\":\(name),\"count\":1}" : "")],
       "worst":[\(wrong ? "{\"file\":\"/photos/dog/\\\"><img src=x>.jpg\",\"class\":\"dog\",\"predicted\":\(name),\"probability\":0.97,\"class_probability\":0.03}" : "")],
       "photographs":[]}
      """
    let text = """
      {"format":2,"arguments":{"architecture":"resnet18","epochs":3,"batch_size":32,"learning_rate":0.01,
       "freeze_backbone":true,"seed":0},"weights":"none","layout":{},
       "classes":{\(name):{"train":8,"validation":2,"test":2},"dog":{"train":8,"validation":2,"test":2}},
       "skipped":[{"file":\(name),"reason":"damaged"}],"duplicates":1,
       "history":[{"epoch":1,"train_loss":0.9,"train_accuracy":0.5,"validation_loss":0.8,"validation_accuracy":0.5,"images_per_second":10},
                  {"epoch":2,"train_loss":0.5,"train_accuracy":0.9,"validation_loss":0.6,"validation_accuracy":0.75,"images_per_second":10}],
       "best_epoch":2,"class_weights":null,"temperature":1.31,
       "calibration":\(calibration ? "{\"fitted_on\":\"validation\",\"photographs\":4,\"validation\":\(pair),\"test\":\(test ? pair : "null")}" : "null"),
       "test":\(test ? tested : "null"),"seconds":12.5,"feature_seconds":3.0,"torch":"1.13.0a0","python":"3.11","device":"cpu"}
      """
    let file = try TemporaryFile(text.replacing("\"dog\"", with: "\"\(other)\""))
    return try TrainingReport(path: file.path)
  }

  private static let path = #"/photos/dog/"><img src=x>.jpg"#

  private func page(_ report: TrainingReport, thumbnail: String? = nil) -> String {
    TrainingPage(report, thumbnails: thumbnail.map { [Self.path: $0] } ?? [:]).html
  }

  @Test func pageShowsWhatTheModelCanDo() throws {
    let html = page(try Self.report())
    #expect(html.contains("75.0\u{A0}% of 4 held-out photographs are classified correctly"))
    #expect(html.contains("30–95\u{A0}%"))
    for heading in [
      "Result", "Epochs", "Worst confusions", "Confusion matrix", "Classes", "Calibration",
      "Settings",
    ] {
      #expect(html.contains("<h2>\(heading)</h2>"))
    }
    #expect(html.contains("22.0 % before"))
    #expect(html.contains("5.0 % after"))
  }

  @Test func hostileNamesAreText() throws {
    let html = page(try Self.report(), thumbnail: "data:image/jpeg;base64,AAAA")
    #expect(!html.contains("<script"))
    #expect(!html.contains("<img src=x>"))
    #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
  }

  /// Fields are in snake case, and so are many classes, which are keys too.
  @Test func namesOfClassesStayAsTheyAre() throws {
    #expect(try Self.report(other: "sheep_dog").classes["sheep_dog"]?.train == 8)
  }

  @Test func pageNeedsNothingFromOutside() throws {
    let html = page(try Self.report(), thumbnail: "data:image/jpeg;base64,AAAA")
    for outside in ["http:", "https:", "@import", "url(", " src=\"/"] {
      #expect(!html.contains(outside), "\(outside)")
    }
    #expect(html.contains("prefers-color-scheme:dark"))
  }

  @Test func picturesAreEmbeddedAndOnlyEmbedded() throws {
    let report = try Self.report()
    #expect(
      page(report, thumbnail: "data:image/jpeg;base64,AAAA")
        .contains("<img src=\"data:image/jpeg;base64,AAAA\""))
    #expect(!page(report, thumbnail: "https://example.com/1.jpg").contains("<img"))
    #expect(!page(report).contains("<img"))
  }

  @Test func trainingWithoutTestPhotographsSaysSo() throws {
    let html = page(try Self.report(test: false))
    #expect(html.contains("its accuracy is unknown"))
    #expect(!html.contains("Worst confusions"))
  }

  @Test func modelWithoutMistakesHasNone() throws {
    let html = page(try Self.report(wrong: false))
    #expect(html.contains("No held-out photograph is classified wrongly."))
  }

  @Test func fileThatIsNotAReportIsNamed() throws {
    let file = try TemporaryFile("{}")
    let error = #expect(throws: TrainingError.self) { try TrainingReport(path: file.path) }
    #expect(error?.problem.hasPrefix("\(file.path) is not a report of train.py") == true)
    #expect(throws: TrainingError.self) { try TrainingReport(path: "/nowhere/report.json") }
  }
}
