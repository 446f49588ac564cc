import Prices

/// Duration and cost of training on a machine type.
package struct TrainingEstimate: Sendable, Equatable {
  /// How a machine is billed.
  package enum Way: String, Sendable, CaseIterable {
    case training = "training job"
    case spot = "spot training job"
    case notebook
    case ec2 = "EC2"
  }

  /// The work to train.
  package struct Work: Sendable {
    package var photographs: Int
    package var epochs: Int
    package var architecture: Hyperparameters.Architecture
    package var freezesBackbone: Bool
    /// Number of runs, for example of a search.
    package var runs = 1

    package init(
      photographs: Int, epochs: Int, architecture: Hyperparameters.Architecture,
      freezesBackbone: Bool
    ) {
      self.photographs = photographs
      self.epochs = epochs
      self.architecture = architecture
      self.freezesBackbone = freezesBackbone
    }
  }

  /// For example `ml.g4dn.xlarge`.
  package let instanceType: String
  package let way: Way
  /// Training speed in photographs a second, forward and backward.
  package let imagesPerSecond: Double
  /// Whether the speed was measured by the user.
  package let isMeasured: Bool
  /// Seconds of all runs in sequence, start-up included.
  package let seconds: Double
  /// Dollars an hour.
  package let dollarsPerHour: Double
  package let dollars: Double
  /// A remark about this machine; may be empty.
  package let remark: String

  /// Every machine with a price and a speed, cheapest first.
  ///
  /// - Parameter measured: photographs a second by instance type; the key `""` is for every type.
  package static func all(
    _ work: Work, prices: PriceList, measured: [String: Double] = [:]
  ) -> [TrainingEstimate] {
    let spot = prices.trainingPerHour.mapValues { $0 * (1 - prices.assumptions.spotDiscount) }
    let machines: [(Way, [String: Double])] = [
      (.training, prices.trainingPerHour), (.spot, spot), (.notebook, prices.notebookPerHour),
      (.ec2, prices.ec2PerHour),
    ]
    let assumed = prices.assumptions.trainingImagesPerSecond[work.architecture.rawValue] ?? [:]
    return machines.flatMap { way, hourly in
      hourly.compactMap { type, price in
        let own = measured[type] ?? measured[""]
        guard let speed = own ?? assumed[type], speed > 0 else { return nil }
        return TrainingEstimate(
          work, type, way, price: price, speed: speed, isMeasured: own != nil,
          prices.assumptions)
      }
    }.sorted {
      ($0.dollars, $0.instanceType, $0.way.rawValue) < (
        $1.dollars, $1.instanceType, $1.way.rawValue
      )
    }
  }

  private init(
    _ work: Work, _ type: String, _ way: Way, price: Double, speed: Double, isMeasured: Bool,
    _ assumptions: PriceList.Assumptions
  ) {
    instanceType = type
    self.way = way
    self.isMeasured = isMeasured
    imagesPerSecond = speed
    let passes =
      work.freezesBackbone
      ? 1 / assumptions.frozenBackboneSpeedUp : Double(work.epochs)
    let startUp = way == .notebook ? 0 : assumptions.trainingStartUpMinutes * 60
    seconds = Double(work.runs) * (startUp + Double(work.photographs) * passes / speed)
    dollarsPerHour = price
    dollars = seconds / 3600 * price
    remark = Self.remark(type, way)
  }

  private static func remark(_ type: String, _ way: Way) -> String {
    switch (type, way) {
    case ("t2.micro", _):
      "1 GB of memory: ResNet-50 swaps or fails; 10 % of a core once its credits are used up"
    case (_, .notebook): "billed until it is stopped; slower once its CPU credits are used up"
    case (_, .spot): "may be interrupted and wait; resumes from the checkpoint"
    default: ""
    }
  }
}
