import ArgumentParser
import AWSControl

/// What becomes of the classes in the model's archive.
struct LabelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where the model's classes are written, for ./build-zip.sh --labels.", valueName: "file"))
  var labels = "labels.txt"

  @Flag(help: "Do not look for labels.txt in the model's archive.")
  var noLabels = false

  @Flag(help: "Go on although the classes differ from those that the endpoint serves now.")
  var acceptNewLabels = false
}

/// How the traffic moves from the old instances to the new.
struct TrafficOptions: ParsableArguments {
  @Option(help: ArgumentHelp("First so much of the capacity, 1 to 50.", valueName: "percent"))
  var canary = 10

  @Option(help: ArgumentHelp("In steps of so much instead, 10 to 50.", valueName: "percent"))
  var linear: Int?

  @Flag(help: "All at once instead.")
  var allAtOnce = false

  @Option(
    help: ArgumentHelp(
      "How long the alarms are watched at each step, 0 to 60.", valueName: "minutes"))
  var bakeMinutes = 5

  @Option(
    name: .customLong("alarm"),
    help: ArgumentHelp("A CloudWatch alarm that rolls back; may be repeated.", valueName: "name"))
  var alarms: [String] = []

  @Option(
    help: ArgumentHelp("How long the old instances stay afterwards, 0 to 60.", valueName: "minutes")
  )
  var terminationWaitMinutes = 2

  func validate() throws {
    guard (1...50).contains(canary) else { throw ValidationError("--canary wants 1 to 50.") }
    if let linear {
      guard (10...50).contains(linear) else { throw ValidationError("--linear wants 10 to 50.") }
      guard !allAtOnce else {
        throw ValidationError("--linear and --all-at-once exclude each other.")
      }
    }
    guard (0...60).contains(bakeMinutes), (0...60).contains(terminationWaitMinutes) else {
      throw ValidationError("--bake-minutes and --termination-wait-minutes want 0 to 60.")
    }
    guard alarms.count <= 10 else { throw ValidationError("At most ten alarms roll back.") }
  }

  var deployment: UpdateEndpoint.Deployment {
    UpdateEndpoint.Deployment(
      routing: allAtOnce
        ? .allAtOnce : linear.map { .linear(percent: $0) } ?? .canary(percent: canary),
      waitSeconds: bakeMinutes * 60, terminationWaitSeconds: terminationWaitMinutes * 60,
      alarmNames: alarms)
  }
}
