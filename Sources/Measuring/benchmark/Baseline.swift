/// Earlier results that later ones are held against, by ratios only: both sides of a ratio were measured on one
/// machine at one time, so that the machine's own speed counts little.
struct Baseline {
  /// A ratio may be worse by a quarter before it counts; two runs on a busy machine differ by a tenth.
  static let tolerance = 1.25

  private let earlier: Results

  init(_ earlier: Results) { self.earlier = earlier }

  /// The ratios that worsened, in words; a missing ratio counts as worse. Contenders of `--also` are not
  /// compared.
  func findings(in later: Results) -> [String] {
    let ratios = later.ratios
    return earlier.ratios.compactMap { before in
      guard Self.contenders.contains(before.contender) else { return nil }
      let name = "\(before.measure.rawValue), function : \(before.contender)"
      guard
        let now = ratios.first(where: {
          $0.measure == before.measure && $0.contender == before.contender
        })
      else { return "\(name) was \(Format.ratio(before.value)) and was not measured" }
      // Written so that NaN counts as worse.
      if now.value <= before.value * Self.tolerance { return nil }
      return "\(name) was \(Format.ratio(before.value)) and is \(Format.ratio(now.value))"
    }
  }

  private static let contenders = [
    Contender.floor, Contender.hashingFloor, Contender.limit, Contender.python,
    Contender.foundation,
  ]
}
