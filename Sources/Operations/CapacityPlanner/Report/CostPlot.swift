/// Every alternative's cost against its latency, the front of those that nothing beats, the promise, the recommended.
struct CostPlot {
  let plan: Plan
  let highlighted: Alternative

  private static let (width, height) = (1150.0, 340.0)
  private static let (left, right, top, bottom) = (64.0, 14.0, 14.0, 40.0)

  var html: String {
    let level = plan.serviceLevel
    let shown = plan.alternatives.filter { $0.promisedLatency != nil }
    let limit = level.latency.inSeconds
    let y = Scale(
      logarithmicOver: shown.compactMap { $0.promisedLatency?.inSeconds } + [limit],
      start: Self.height - Self.bottom, end: Self.top)
    let costs = shown.map { max($0.monthlyCost.total, 0.01) }
    let x = Scale(
      logarithmicOver: costs.isEmpty ? [1] : costs, start: Self.left, end: Self.width - Self.right)
    var svg = SVG(width: Self.width, height: Self.height, label: "Cost against latency")
    svg.horizontalAxis(y, left: Self.left, right: Self.width - Self.right) {
      DurationText.text(.seconds($0))
    }
    for tick in x.ticks {
      svg.tick(x.position(tick), y: Self.height - Self.bottom + 17, "$\(Page.amount(tick))")
    }
    svg.tick((Self.left + Self.width) / 2, y: Self.height - 4, "a month")
    svg.limit(
      y: y.position(limit), left: Self.left, right: Self.width - Self.right,
      "the promise, \(DurationText.text(level.latency))")
    svg.add("<path class=\"front\" d=\"\(front(x, y))\"/>")
    for alternative in shown.reversed() where alternative != highlighted {
      dot(alternative, x, y, &svg)
    }
    dot(highlighted, x, y, &svg)
    return Page.figure(
      "Cost against \(Page.percentile(level)) of all requests", explanation(shown.count),
      legend: Self.kinds.map { ($0.name, $0.colour) }, svg.text)
  }

  private static let kinds: [(kind: Alternative.Kind, name: String, colour: Int)] = [
    (.nothing, "no setting", 1), (.reserved, "reserved", 4), (.provisioned, "provisioned", 2),
    (.scheduled, "by the hour", 5), (.autoscaled, "autoscaled", 3),
  ]

  private func explanation(_ count: Int) -> String {
    let left = plan.alternatives.count - count
    return
      "\(count) alternatives; the line joins those that nothing beats in both, the ring is the recommended one"
      + (left > 0 ? "; \(left) more leave too many requests unserved to have a latency" : "")
  }

  /// Steps: what is cheaper than the next is no faster.
  private func front(_ x: Scale, _ y: Scale) -> String {
    var path = ""
    for alternative in plan.paretoFront {
      guard let latency = alternative.promisedLatency else { continue }
      let at = SVG.number(x.position(alternative.monthlyCost.total))
      let height = SVG.number(y.position(latency.inSeconds))
      path += path.isEmpty ? "M\(at) \(height)" : "H\(at)V\(height)"
    }
    return path
  }

  private func dot(_ alternative: Alternative, _ x: Scale, _ y: Scale, _ svg: inout SVG) {
    guard let latency = alternative.promisedLatency else { return }
    let colour = Self.kinds.first { $0.kind == alternative.kind }?.colour ?? 1
    let (cx, cy) = (
      SVG.number(x.position(alternative.monthlyCost.total)),
      SVG.number(y.position(latency.inSeconds))
    )
    if alternative == highlighted {
      svg.add("<circle class=\"ring\" cx=\"\(cx)\" cy=\"\(cy)\" r=\"9\"/>")
    }
    let text =
      "\(alternative)\n\(Page.dollars(alternative.monthlyCost.total)) a month, \(DurationText.text(latency))"
    svg.add(
      "<circle class=\"dot c\(colour)\" cx=\"\(cx)\" cy=\"\(cy)\" r=\"4\"><title>\(Page.escaped(text))</title></circle>"
    )
  }
}
