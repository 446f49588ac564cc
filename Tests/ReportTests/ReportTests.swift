import Foundation
import Testing

@testable import Report

@Suite struct ReportTests {
  @Test func everyTextIsEscaped() {
    let evil = "<script>'\"&"
    let safe = "&lt;script&gt;&#39;&quot;&amp;"
    var page = Page(title: evil, kicker: evil, headline: evil)
    page.add(evil, HTML.table([evil], [HTML.Row([evil], isMarked: true)]) + HTML.code([evil]))
    page.add("more", HTML.definitions([(evil, evil)]) + HTML.list([evil]) + HTML.paragraph(evil))
    page.add("tiles", HTML.tiles([HTML.Tile(evil, evil, evil, .bad)]))
    #expect(!page.html.contains(evil))
    #expect(page.html.components(separatedBy: safe).count == 15)
  }

  @Test func aPageNeedsNothingFromOutside() {
    let page = Page(title: "t", kicker: "k", headline: "h").html
    for outside in ["http:", "https:", "<script", "@import", "url("] {
      #expect(!page.contains(outside), "\(outside)")
    }
    #expect(page.contains("default-src 'none'"))
  }

  struct Place: Sendable {
    let name: String
    let page: Double
    let room: Double
  }

  /// The widths that `PageStyle` leaves for a picture on pages of these widths.
  @Test(arguments: [
    Place(name: "small", page: 400, room: 400 - 24 - 34),
    Place(name: "medium", page: 640, room: 640 - 48 - 34),
    Place(name: "medium", page: 800, room: 800 - 48 - 34),
    Place(name: "medium", page: 1200, room: (1200 - 48 - 14) / 2 - 34),
    Place(name: "medium", page: 1600, room: (1480 - 48 - 14) / 2 - 34),
    Place(name: "large", page: 1200, room: 1200 - 48 - 34),
    Place(name: "large", page: 1600, room: 1480 - 48 - 34),
  ])
  func textIsAtLeastElevenPixelsHigh(place: Place) {
    let (name, page, room) = (place.name, place.page, place.room)
    let sizes = Canvas.half(labelWidth: 8) + Canvas.full(labelWidth: 8)
    for canvas in sizes where canvas.name.hasPrefix(name) {
      // A wide medium picture gives way to the large one at 1200.
      if canvas.name.contains("wideplot"), page >= 1200 { continue }
      let shown = name == "medium" ? min(room, 800) : room
      #expect(canvas.fontSize * shown / canvas.width >= 11)
    }
  }

  @Test func labelsOfAScatterPlotNeverOverlap() throws {
    let points = (0..<12).map { index in
      ScatterPlot.Point(
        x: 100 + Double(index % 3), y: 1 + Double(index) / 200, group: 0, tooltip: "",
        label: "provisioned \(index) + 1–4 at 600/min")
    }
    let html = ScatterPlot(
      title: "t", explanation: "", groups: ["a"], points: points, xName: "$",
      xFormat: { "\($0)" }, yFormat: { "\($0)" }
    ).html
    for svg in html.components(separatedBy: "<svg").dropFirst() {
      let size = try #require(Self.number(after: "font-size=\"", in: svg))
      let boxes = try svg.components(separatedBy: "<text class=\"strong\"").dropFirst().map {
        text in
        let x = try #require(Self.number(after: "x=\"", in: text))
        let y = try #require(Self.number(after: "y=\"", in: text))
        let words = text.components(separatedBy: ">")[1].components(separatedBy: "<")[0]
        return (x, y - size * 0.8, x + Double(words.count) * size * 0.5, y + size * 0.2)
      }
      // A narrow picture has no room for such names.
      #expect(boxes.count > 3 || !svg.hasPrefix(" class=\"large\""))
      for (index, one) in boxes.enumerated() {
        for other in boxes.dropFirst(index + 1) {
          let overlaps = one.0 < other.2 && other.0 < one.2 && one.1 < other.3 && other.1 < one.3
          #expect(!overlaps)
        }
      }
    }
  }

  private static func number(after mark: String, in text: String) -> Double? {
    let rest = text.components(separatedBy: mark).dropFirst().first
    return rest.flatMap { Double($0.prefix { $0.isNumber || $0 == "." || $0 == "-" }) }
  }

  @Test func ticksAreRound() {
    #expect(Scale(upTo: 93, start: 0, end: 1).ticks == [0, 50, 100])
    #expect(Scale(upTo: 3, isWhole: true, start: 0, end: 1).ticks == [0, 1, 2, 3])
    #expect(Scale(logarithmicOver: [0.1, 100], start: 0, end: 1).ticks == [0.1, 1, 10, 100])
    #expect(
      Scale(logarithmicOver: [170, 850], start: 0, end: 1).ticks == [
        150, 200, 300, 400, 500, 600, 800,
      ])
  }

  @Test func aTimeAxisFollowsItsZone() {
    let berlin = TimeZone(identifier: "Europe/Berlin") ?? .gmt
    let axis = HorizontalAxis.time(
      seconds: 86_400, startUnixSeconds: 1_795_305_600, timeZone: berlin, format: { "\($0)" })
    #expect(axis.name(0) == "Sun 22 Nov 01:00")
    #expect(axis.ticks(8).map(\.label).contains("12:00"))
  }

  @Test func aDayWithoutADateHasANumber() {
    let axis = HorizontalAxis.time(
      seconds: 3 * 86_400, startUnixSeconds: 0, hasDate: false, timeZone: .gmt, format: { "\($0)" })
    #expect(axis.name(18 * 3600) == "day 1 18:00")
    #expect(axis.name(86_400) == "day 2 00:00")
    #expect(axis.ticks(3).map(\.label) == ["day 1", "day 2", "day 3", "day 4"])
  }

  @Test func numbersStayWithTheirUnitsInHeadlinesAndTiles() {
    let page = Page(
      title: "t", kicker: "k", headline: "1 × m: p99 is 1.1 s (95 % interval 1 s to 2 s).")
    #expect(
      page.html.contains(
        "1\u{A0}×\u{A0}m: p99 is 1.1\u{A0}s (95\u{A0}%\u{A0}interval 1\u{A0}s to 2\u{A0}s)."))
    #expect(HTML.tiles([HTML.Tile("p99", "1.1 s", "(95 %)")]).contains("(95\u{A0}%)"))
  }

  @Test func gapsAndBandsAreDrawn() {
    let plot = LinePlot(
      title: "t", explanation: "e",
      series: [
        .init(
          "a", color: 1, style: .area, values: [1, nil, 2, 3], band: [0.5...1.5, nil, 1...4, nil])
      ], isLogarithmic: false, limit: (2, "limit"), format: { "\($0)" })
    let html = plot.html([0, 1, 2, 3, 4], .numbers(0...4, format: { "\($0)" }))
    #expect(html.contains("class=\"band c1\""))
    #expect(html.contains("least to most of all draws"))
    #expect(!html.contains("nan") && !html.contains("inf"))
    #expect(html.components(separatedBy: "<svg").count == 3)
  }

  @Test func aHeatPlotFillsCellsByTheirValue() {
    let html = HeatPlot(
      title: "t", explanation: "", rows: ["r"], columns: ["a", "b", "c"], values: [[1, nil, 0]],
      format: { "\($0)" }
    ).html
    #expect(html.components(separatedBy: "class=\"cell c1\"").count == 3 * 2 + 1)
    #expect(html.contains("fill-opacity=\"1.0\""))
    #expect(html.contains("fill-opacity=\"0.06\""))
  }

  @Test func barsHaveTheirAmounts() {
    let html = BarPlot(
      title: "t", explanation: "", bars: [("one", 1, 1), ("two", 2, 2)], format: { "\($0) x" }
    ).html
    #expect(html.contains("2.0 x"))
  }
}
