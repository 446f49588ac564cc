/// Chooses rows of a stream with the same probability each (algorithm R), the same ones for the same stream.
struct Sampler {
  private let count: Int
  private(set) var rows: [ManifestRow] = []
  private var seen: UInt64 = 0
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  init(count: Int) { self.count = count }

  mutating func take(_ row: ManifestRow) {
    seen += 1
    guard rows.count >= count else { return rows.append(row) }
    guard count > 0 else { return }
    let place = Int(random() % seen)
    if place < count { rows[place] = row }
  }

  /// SplitMix64 (https://prng.di.unimi.it/splitmix64.c).
  private mutating func random() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
