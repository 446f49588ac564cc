import AWSControl
import Versioning
import Foundation
import OperationsSupport
import TestSupport

/// A deployment of a zip to a scripted Lambda, whose alias `live` is at version 5.
final class DeployFixture: Sendable {
  let lambda: ScriptedLambda
  let said = Recorder<String>()
  let warned = Recorder<String>()
  let sleeps = Recorder<Int64>()
  /// Ctrl-C is pressed after the first response with one of these.
  let interruptingStatuses = Recorder<Int>()
  static let package = DeploymentPackage(
    path: "dist/bootstrap.zip", bytes: Array("PK the new code".utf8), architecture: "x86_64")

  /// What the alias's description remembers of the zip when it failed.
  static var codeMark: String { AliasMemory.mark(package.codeSHA256) }

  init(_ change: (inout ScriptedLambda.State) -> Void = { _ in }) throws {
    lambda = try ScriptedLambda { state in
      state.publish("4", codeSHA256: "code-4")
      state.publish("5", codeSHA256: "code-5")
      state.latest.codeSHA256 = "code-5"
      state.aliases["live"] = .init("5", description: "Breeds [previous: 5←4]")
      state.setTraffic(["5": .old(900), "6": ScriptedTraffic(100)])
      change(&state)
    }
  }

  /// - Parameter interruptedAfter: milliseconds of waiting until Ctrl-C is pressed.
  @discardableResult
  func run(
    dryRun: Bool = false, interruptedAfter: Int64 = .max,
    _ change: (inout Deployment.Request) -> Void = { _ in }
  ) throws -> Deployment.Outcome {
    let fixture = try ControlFixture(url: lambda.baseURL, dryRun: dryRun)
    defer { fixture.sleeps.all.forEach { sleeps.add($0) } }
    var request = Deployment.Request(
      functionName: "photo-classifier", alias: "live", package: Self.package)
    change(&request)
    let clock = fixture.clock
    let statuses = interruptingStatuses.all
    let isInterrupted = { @Sendable [lambda] in
      clock.monotonicMilliseconds() >= interruptedAfter
        || lambda.calls.contains { statuses.contains($0.status) }
    }
    // Without Ctrl-C the client pauses in one piece.
    if !statuses.isEmpty { fixture.client.isInterrupted = isInterrupted }
    let waiter = Waiter(clock: clock, isInterrupted: isInterrupted)
    let deployment = Deployment(
      request, with: fixture.client, waiter, report: { self.said.add($0) },
      warn: { self.warned.add($0) })
    return try deployment.run()
  }

  /// The error; nil without one.
  func failure(
    interruptedAfter: Int64 = .max, _ change: (inout Deployment.Request) -> Void = { _ in }
  ) -> (any Error)? {
    do {
      try run(interruptedAfter: interruptedAfter, change)
      return nil
    } catch {
      return error
    }
  }

  var live: ScriptedLambda.Alias? { lambda.state.aliases["live"] }
  /// The new version's share after each change of the alias.
  var shares: [Double] {
    lambda.calls.filter { $0.operation == "UpdateAlias" && $0.status == 200 }.map {
      $0.body["RoutingConfig"]?["AdditionalVersionWeights"]?["6"]?.doubleValue ?? 0
    }
  }
}

extension TrafficPlan {
  static var tenPercent: TrafficPlan {
    .canary(TrafficStep(share: 0.1, hold: Interval(milliseconds: 300_000)))
  }
}
