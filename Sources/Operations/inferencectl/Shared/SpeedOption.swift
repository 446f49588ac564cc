import ArgumentParser

struct SpeedOption: ParsableArguments {
  @Option(
    name: .customLong("images-per-second"),
    help: ArgumentHelp(
      "Measured speed of one type (ml.g4dn.xlarge=312) or of all (312); repeat for more.",
      valueName: "[type=]number"))
  var speedTexts: [String] = []

  func validate() throws { _ = try byType() }

  /// Speeds by type; the key `""` is for all types.
  func byType() throws -> [String: Double] {
    var speeds: [String: Double] = [:]
    for text in speedTexts {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard let last = parts.last, let speed = Double(last), speed > 0, speed.isFinite else {
        throw ValidationError("--images-per-second must be NUMBER or TYPE=NUMBER, not \(text).")
      }
      speeds[parts.count > 1 ? parts[0] : ""] = speed
    }
    return speeds
  }
}
