import Foundation
import Prices

/// A plan as one HTML page: recommendation, plots, table, commands. It needs no network and no script, and follows the
/// reader's light or dark scheme.
package struct PlanReport: Sendable {
  /// What the page is called.
  package var title: String
  /// The plan.
  package var plan: Plan
  /// The recommended alternative (or the nearest) simulated with a series of points.
  package var outcome: Outcome
  /// What arrived.
  package var traffic: Traffic
  /// How it is put in place.
  package var steps: PlanSteps
  /// What was put in and assumed, name and value.
  package var inputs: [(name: String, value: String)]
  /// Prices that were used.
  package var prices: PriceList

  /// A report; see the properties.
  package init(
    title: String, plan: Plan, outcome: Outcome, traffic: Traffic, steps: PlanSteps,
    inputs: [(name: String, value: String)], prices: PriceList
  ) {
    self.title = title
    self.plan = plan
    self.outcome = outcome
    self.traffic = traffic
    self.steps = steps
    self.inputs = inputs
    self.prices = prices
  }

  /// The page.
  package var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
    <link rel="icon" href="data:,">
    <title>\(Page.escaped(title))</title>
    <style>\(PageStyle.css)</style>
    </head>
    <body><main>
    <header>
    <p class="kicker">\(Page.escaped(title))</p>
    <h1>\(Page.escaped(plan.recommendation))</h1>
    \(tiles)
    </header>
    <section><h2>What happens with it</h2>
    <div class="plots">
    \(timePlots)
    </div></section>
    <section><h2>What it competes with</h2>
    \(CostPlot(plan: plan, highlighted: plan.nearest).html)
    \(alternatives)
    </section>
    <section><h2>How to set it</h2>
    <pre>\(Page.escaped(steps.commands.joined(separator: "\n")))</pre>
    <p>Or as parameters of template.yaml:</p>
    <pre>\(Page.escaped(steps.parameters.map { "\($0.name)=\($0.value.isEmpty ? "\"\"" : $0.value)" }.joined(separator: "\n")))</pre>
    <ul>\(steps.notes.map { "<li>\(Page.escaped($0)).</li>" }.joined())</ul>
    </section>
    <section><h2>What was put in</h2>
    <dl>\(inputs.map { "<dt>\(Page.escaped($0.name))</dt><dd>\(Page.escaped($0.value))</dd>" }.joined(separator: "\n"))</dl>
    <p class="small">Prices of \(Page.escaped(prices.region)), \(Page.escaped(prices.date)). A month has 730 hours. \
    Each alternative was simulated request by request on the same arrivals.</p>
    </section>
    </main></body>
    </html>

    """
  }

  private var tiles: String {
    let best = plan.nearest
    let level = plan.serviceLevel
    let kept = best.meetsServiceLevel ? "keeps" : "misses"
    let tiles: [(String, String, String)] = [
      ("Cost", Page.dollars(best.monthlyCost.total), "a month"),
      (
        Page.percentile(level), Page.time(best.promisedLatency),
        "\(kept) the promise of \(DurationText.text(level.latency))"
      ),
      (
        "Cold starts", Page.share(best.coldShare),
        "of \(Page.amount(Double(outcome.invocations))) invocations"
      ),
      (
        "Not served", Page.share(best.unservedShare),
        "of \(Page.amount(Double(outcome.arrivals))) requests"
      ),
      (
        "Concurrency", "\(outcome.peakConcurrency)",
        "at most, \(String(format: "%.2g", outcome.meanConcurrency)) on average"
      ),
    ]
    return "<div class=\"tiles\">"
      + tiles.enumerated().map { index, tile in
        let mark = index == 1 ? (best.meetsServiceLevel ? " class=\"good\"" : " class=\"bad\"") : ""
        return
          "<div\(mark)><p>\(Page.escaped(tile.0))</p><b>\(Page.escaped(tile.1))</b><p>\(Page.escaped(tile.2))</p></div>"
      }.joined() + "</div>"
  }

  private var alternatives: String {
    let hasEndpoint = plan.nearest.scenario.endpoint != nil
    let headings =
      ["Function"] + (hasEndpoint ? ["Instances"] : []) + [
        "Month", "Requests", "Duration", "Provisioned",
      ] + (hasEndpoint ? ["Endpoint"] : []) + [
        "p50", "p99", "p99.9", "Promise", "Cold", "Throttled", "Failed", "Lost",
      ]
    let rows = plan.highlights.map { alternative in
      let cost = alternative.monthlyCost
      let counts = alternative.counts
      let cells =
        [alternative.functionSummary] + (hasEndpoint ? [alternative.endpointSummary ?? ""] : [])
        + [
          Page.dollars(cost.total), Page.dollars(cost.requests),
          Page.dollars(cost.onDemandDuration + cost.provisionedDuration),
          Page.dollars(cost.provisionedConcurrency),
        ] + (hasEndpoint ? [Page.dollars(cost.endpointInstances)] : [])
        + [
          Page.time(alternative.p50), Page.time(alternative.p99), Page.time(alternative.p999),
          alternative.meetsServiceLevel ? "kept" : "missed", Page.share(alternative.coldShare),
          "\(counts.throttled)", "\(counts.failed)", "\(counts.lost)",
        ]
      return (cells: cells, mark: alternative == plan.nearest ? "chosen" : "")
    }
    return Page.table(headings, rows)
  }
}
