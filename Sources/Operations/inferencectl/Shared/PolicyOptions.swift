import AWSControl
import ArgumentParser

/// Cooldowns and scale-in of a target-tracking policy; what is not given stays.
struct PolicyOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Seconds between two scale-ins, 0 or more.", valueName: "seconds"))
  var scaleInCooldown: Int?
  @Option(help: ArgumentHelp("Seconds between two scale-outs, 0 or more.", valueName: "seconds"))
  var scaleOutCooldown: Int?
  @Flag(inversion: .prefixedNo, help: "Let the policy scale in, or only out.")
  var scaleIn: Bool?

  func validate() throws {
    if scaleInCooldown ?? 0 < 0 || scaleOutCooldown ?? 0 < 0 {
      throw ValidationError("Cooldowns must not be negative.")
    }
  }

  var disablesScaleIn: Bool? { scaleIn.map { !$0 } }
}

/// What `autoscale suspend` and `resume` change.
struct SuspensionOptions: ParsableArguments {
  @Flag(help: "Scaling in by the policy only.")
  var scaleIn = false
  @Flag(help: "Scaling out by the policy only.")
  var scaleOut = false
  @Flag(help: "The schedules only.")
  var schedules = false

  /// All without a flag.
  var parts: [ScalingSuspension] {
    let chosen: [ScalingSuspension] = [
      scaleIn ? .scaleIn : nil, scaleOut ? .scaleOut : nil, schedules ? .schedules : nil,
    ].compactMap { $0 }
    return chosen.isEmpty ? ScalingSuspension.allCases : chosen
  }
}
