/// How long something takes, invocation by invocation. Draws are independent.
package enum DurationModel: Sendable, Hashable {
  case constant(Duration)
  case exponential(mean: Duration)
  /// One of these, each as likely: a file of measured durations. Must not be empty.
  case samples([Duration])
  /// These in order, from the first again after the last: what was measured, or what another simulator was given.
  case sequence([Duration])

  package var meanSeconds: Double {
    switch self {
    case .constant(let duration), .exponential(mean: let duration): duration.inSeconds
    case .samples(let samples), .sequence(let samples):
      samples.isEmpty ? 0 : samples.reduce(0) { $0 + $1.inSeconds } / Double(samples.count)
    }
  }

  var isValid: Bool {
    switch self {
    case .constant(let duration), .exponential(mean: let duration): duration >= .zero
    case .samples(let samples), .sequence(let samples):
      !samples.isEmpty && samples.allSatisfy { $0 >= .zero }
    }
  }
}

struct DurationSampler: ~Copyable {
  private enum Kind { case constant, exponential, samples, sequence }

  private let kind: Kind
  private let fixed: Microseconds
  private let mean: Double
  private let samples: Buffer<Microseconds>
  private let table = ExponentialTable()
  private var random: RandomBits
  private var position = 0

  init(_ model: DurationModel, seed: UInt64, stream: UInt64) {
    random = RandomBits(seed: seed, stream: stream)
    switch model {
    case .constant(let duration):
      (kind, fixed) = (.constant, duration.microseconds)
      samples = Buffer([])
    case .exponential(mean: let duration):
      (kind, fixed) = (.exponential, duration.microseconds)
      samples = Buffer([])
    case .samples(let durations):
      (kind, fixed) = (.samples, 0)
      samples = Buffer(durations.map(\.microseconds))
    case .sequence(let durations):
      (kind, fixed) = (.sequence, 0)
      samples = Buffer(durations.map(\.microseconds))
    }
    mean = Double(fixed)
  }

  /// Whether every draw is 0.
  var isNothing: Bool { kind == .constant && fixed == 0 }

  @inline(__always)
  mutating func draw() -> Microseconds {
    switch kind {
    case .constant: return fixed
    case .exponential: return Microseconds(mean * table.draw(&random) + 0.5)
    case .samples: return samples[random.next(below: samples.count)]
    case .sequence:
      defer { position = position + 1 == samples.count ? 0 : position + 1 }
      return samples[position]
    }
  }
}
