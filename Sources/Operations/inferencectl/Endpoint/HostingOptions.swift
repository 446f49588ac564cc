import ArgumentParser
import AWSControl

/// The classes in the model's archive.
struct LabelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "File for the model's classes, for ./build-zip.sh --labels.", valueName: "file"))
  var labels = "labels.txt"

  @Flag(help: "Do not read labels.txt from the model's archive.")
  var noLabels = false

  @Flag(help: "Continue when the classes differ from those that the endpoint serves.")
  var acceptNewLabels = false
}

/// How traffic moves from the old instances to the new ones.
struct TrafficOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Share of the capacity to shift first, 1% to 50%.", valueName: "percent"))
  var canary = PercentArgument(10)

  @Option(help: ArgumentHelp("Shift in equal steps instead, 10% to 50%.", valueName: "percent"))
  var linear: PercentArgument?

  @Flag(help: "Shift all traffic at once instead.")
  var allAtOnce = false

  @Option(
    help: ArgumentHelp(
      "How long to monitor the alarms at each step, 0 to 60.", valueName: "minutes"))
  var bakeMinutes = 5

  @Option(
    name: .customLong("alarm"),
    help: ArgumentHelp(
      "CloudWatch alarm that triggers a rollback; repeat for more, at most ten.", valueName: "name")
  )
  var alarms: [String] = []

  @Option(
    help: ArgumentHelp(
      "How long to keep the old instances afterwards, 0 to 60.", valueName: "minutes")
  )
  var terminationWaitMinutes = 2

  func validate() throws {
    guard (1...50).contains(canary.value) else {
      throw ValidationError("--canary must be 1% to 50%.")
    }
    if let linear {
      guard (10...50).contains(linear.value) else {
        throw ValidationError("--linear must be 10% to 50%.")
      }
      guard !allAtOnce else {
        throw ValidationError("--linear and --all-at-once exclude each other.")
      }
    }
    guard (0...60).contains(bakeMinutes), (0...60).contains(terminationWaitMinutes) else {
      throw ValidationError("--bake-minutes and --termination-wait-minutes must be 0 to 60.")
    }
    guard alarms.count <= 10 else {
      throw ValidationError("--alarm may be used at most ten times.")
    }
    guard deployment.expectedSeconds <= UpdateEndpoint.Deployment.longestSeconds else {
      throw ValidationError(
        "These waits add up to more than the 8 hours that SageMaker allows. Use fewer or shorter steps."
      )
    }
  }

  var deployment: UpdateEndpoint.Deployment {
    UpdateEndpoint.Deployment(
      routing: allAtOnce
        ? .allAtOnce
        : linear.map { .linear(percent: $0.value) } ?? .canary(percent: canary.value),
      waitSeconds: bakeMinutes * 60, terminationWaitSeconds: terminationWaitMinutes * 60,
      alarmNames: alarms
    ).limited
  }
}
