import Prices

/// How long training takes on a kind of machine, and what it costs.
package struct TrainingEstimate: Sendable, Equatable {
  /// How a machine is paid.
  package enum Way: String, Sendable, CaseIterable {
    /// A SageMaker training job.
    case training = "training job"
    /// The same on managed spot.
    case spot = "spot training job"
    /// A SageMaker notebook.
    case notebook
    /// An EC2 machine.
    case ec2 = "EC2"
  }

  /// What is to be trained.
  package struct Work: Sendable {
    /// All photographs.
    package var photographs: Int
    /// Passes.
    package var epochs: Int
    /// The network.
    package var architecture: Hyperparameters.Architecture
    /// Trains the head alone.
    package var freezesBackbone: Bool
    /// Runs, as of a search.
    package var runs = 1

    /// Work; see the properties.
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

  /// As `ml.g4dn.xlarge`.
  package let instanceType: String
  /// How it is paid.
  package let way: Way
  /// Photographs a second through the network, forward and backward.
  package let imagesPerSecond: Double
  /// Whether the speed is the user's own figure.
  package let isMeasured: Bool
  /// All runs, start-up included, one after the other.
  package let seconds: Double
  /// An hour of the machine.
  package let dollarsPerHour: Double
  /// All of it.
  package let dollars: Double
  /// What to know about this machine; empty when there is nothing.
  package let remark: String

  /// The machines that the write-up weighs, and spot, cheapest first.
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
    case (_, .notebook): "paid until it is stopped; slower once its CPU credits are used up"
    case (_, .spot): "may be interrupted and wait; the checkpoint goes on"
    default: ""
    }
  }
}
