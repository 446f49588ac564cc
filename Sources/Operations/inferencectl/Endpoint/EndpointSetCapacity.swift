import AWSControl
import ArgumentParser
import Endpoints

struct EndpointSetCapacity: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "capacity",
    abstract: "Set a variant's instance count, and wait until the instances serve.",
    discussion: "Example: inferencectl endpoint capacity 3 --endpoint-name dogs")

  @Argument(help: "Number of instances, 1 or more; 0 if the endpoint is asynchronous.")
  var instances: Int

  @OptionGroup var endpoint: EndpointOptions
  @OptionGroup var waiting: WaitOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if instances < 0 { throw ValidationError("The number of instances must not be negative.") }
  }

  func run(in session: Session) throws {
    let waiter = waiting.wait ? session.endpointWaiter() : nil
    let result = try session.reportingUnfinishedUpdate {
      try EndpointCapacity.setInstances(
        instances, ofEndpoint: endpoint.endpointName, variant: endpoint.variant,
        with: session.client(), waiter: waiter)
    }
    session.warn(result.warnings)
    let name = "\(endpoint.endpointName)/\(result.variant)"
    let verb = result.changed && !waiting.wait ? "gets" : "has"
    session.done(
      "\(name) \(verb) \(instances) \(instances == 1 ? "instance" : "instances")"
        + (result.changed ? "" : " already"),
      json: [
        "endpointName": endpoint.endpointName, "variant": result.variant, "instances": instances,
        "changed": result.changed,
      ])
  }
}

extension Session {
  /// After Ctrl-C reports that SageMaker continues.
  func reportingUnfinishedUpdate<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as Interrupted {
      throw Refusal(
        "\(error.message). SageMaker continues",
        advice:
          "To see the progress, use endpoint show; to continue waiting, run this command again")
    }
  }
}
