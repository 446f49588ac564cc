/// Which trials continue after how many epochs: all begin, a third continues at each rung.
///
/// Source: Jamieson, Talwalkar: Non-stochastic best arm identification and hyperparameter
/// optimization, 2016. https://arxiv.org/abs/1502.07943
package struct SuccessiveHalving: Sendable, Equatable {
  /// One of this many trials continues.
  private static let factor = 3
  /// The epochs of each rung, ascending; the last is the whole training.
  package let rungs: [Int]

  /// - Parameters:
  ///   - epochs: of a whole training.
  ///   - trials: with fewer than three nothing is stopped.
  package init(epochs: Int, trials: Int) {
    var rungs = [epochs]
    var left = trials
    while left >= Self.factor, let first = rungs.first, first >= 2 * Self.factor, rungs.count < 4 {
      rungs.insert(first / Self.factor, at: 0)
      left /= Self.factor
    }
    self.rungs = rungs
  }

  /// A training without rungs.
  package init(wholeTraining epochs: Int) { rungs = [epochs] }

  /// Those that continue: the best third, at least one, in the order of their losses.
  package static func survivors<Name: Comparable>(
    _ losses: [(name: Name, loss: Double)]
  ) -> [Name] {
    let count = max(1, (losses.count + factor - 1) / factor)
    return losses.sorted { ($0.loss, $0.name) < ($1.loss, $1.name) }.prefix(count).map(\.name)
  }
}
