import AWSControl
import ArgumentParser
import Endpoints

/// `inferencectl endpoint capacity N`
struct EndpointSetCapacity: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "capacity",
    abstract: "Sets a variant's instances by hand, and waits until they serve.")

  @Argument(help: "Instances, 1 or more.")
  var instances: Int

  @OptionGroup var endpoint: EndpointOptions
  @OptionGroup var waiting: WaitOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if instances < 1 {
      throw ValidationError("A real-time variant has 1 instance at least.")
    }
  }

  func run(in session: Session) throws {
    let waiter = waiting.wait ? session.endpointWaiter() : nil
    let result = try session.sayingThatSageMakerGoesOn {
      try EndpointCapacity.setInstances(
        instances, ofEndpoint: endpoint.endpointName, variant: endpoint.variant,
        with: session.client(), waiter: waiter)
    }
    session.warn(result.warnings)
    let name = "\(endpoint.endpointName)/\(result.variant)"
    let verb = result.changed && !waiting.wait ? "gets" : "has"
    session.reportDone(
      "\(name) \(verb) \(instances) \(instances == 1 ? "instance" : "instances")"
        + (result.changed ? "" : " already"),
      json: [
        "endpointName": endpoint.endpointName, "variant": result.variant, "instances": instances,
        "changed": result.changed,
      ])
  }
}

extension Session {
  /// Instances take 3 to 10 minutes, longer with a large model.
  func endpointWaiter() -> Waiter { waiter(intervalSeconds: 5, limitSeconds: 3600) }

  /// Tells somebody who pressed Ctrl-C in which state things are.
  func sayingThatSageMakerGoesOn<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as Interrupted {
      throw Refusal(
        "\(error.message). SageMaker goes on by itself",
        advice: "endpoint show tells how far it is; run this again to go on waiting")
    }
  }
}
