import ArgumentParser

struct SpeedOption: ParsableArguments {
  @Option(
    name: .customLong("images-per-second"),
    help: ArgumentHelp(
      "A measured speed, for one type (ml.g4dn.xlarge=312) or all (312); may be repeated.",
      valueName: "[type=]number"))
  var speedTexts: [String] = []

  func validate() throws { _ = try byType() }

  /// By type; the key `""` is for all.
  func byType() throws -> [String: Double] {
    var speeds: [String: Double] = [:]
    for text in speedTexts {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard let last = parts.last, let speed = Double(last), speed > 0, speed.isFinite else {
        throw ValidationError("--images-per-second wants NUMBER or TYPE=NUMBER, not \(text).")
      }
      speeds[parts.count > 1 ? parts[0] : ""] = speed
    }
    return speeds
  }
}
