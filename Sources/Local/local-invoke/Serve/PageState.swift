import Foundation
import JSON
import LocalAWS
import Platform

/// What the page shows besides the invocations.
struct PageState: Sendable {
  let session: InvocationSession
  let events: EventFiles
  /// Nil without `--aws`.
  let account: AccountIdentity?
  let container: String?
  let timeoutSeconds: Int
  let memoryMB: Int
  private var services: LocalServices { session.services }

  init(
    _ session: InvocationSession, _ events: EventFiles, account: AccountIdentity?,
    _ options: LocalInvokeCommand
  ) {
    self.session = session
    self.events = events
    self.account = account
    container = options.services.container
    timeoutSeconds = session.services.timeoutSeconds
    memoryMB = options.memory
  }

  /// How a photograph can be delivered. There is no bucket to put it into with `--aws`.
  var sources: [EventSource] {
    EventSource.allCases.filter { services.isLocal || !$0.refersToObject }
  }

  /// Waits for AWS.
  var accountText: String { account?.text ?? "" }

  var json: JSONValue {
    let records = session.history.records(after: 0)
    let fault = services.calls.fault
    var object: JSONObject = [
      "version": .string(Product.version), "model": .string(modelText),
      "isAWS": .bool(!services.isLocal), "region": .string(services.region),
      "endpoint": .string(services.environment["ENDPOINT_NAME"] ?? ""),
      "timeoutSeconds": .init(timeoutSeconds), "memoryMB": .init(memoryMB),
      "isWarm": .bool(session.isWarm),
      "sources": .array(sources.map { ["id": .string($0.rawValue), "title": .string($0.title)] }),
      "events": .array(events.names.map { .string($0) }),
      "variables": .array(variables),
      "resultBucket": .string(LocalServices.defaultResultBucket),
      "faults": .array(
        (services.isLocal ? ServiceFault.allCases : []).map {
          ["id": .string($0.rawValue), "title": .string($0.title)]
        }),
      "invocations": .array(records.map(\.summary)),
    ]
    if let fault {
      object.set("fault", to: .string(fault.fault.rawValue))
      object.set("isFirstCallOnly", to: .bool(fault.isFirstCallOnly))
    }
    return .object(object)
  }

  private var modelText: String {
    if !services.isLocal { return "S3 and SageMaker of AWS" }
    return container.map { "Container \($0)" } ?? "Built-in model, 118 dog breeds"
  }

  private var variables: [JSONValue] {
    let changes = session.changedVariables
    return LocalServices.documentedVariables.sorted().map { name in
      var object: JSONObject = [
        "name": .string(name), "value": .string(services.environment[name] ?? ""),
      ]
      if let change = changes[name] { object.set("change", to: .string(change)) }
      return .object(object)
    }
  }
}

/// The example events: the `*.json` files beside the folder of objects.
struct EventFiles: Sendable {
  private let folder: URL
  /// The most useful first.
  let names: [String]

  init(folder: URL) {
    self.folder = folder
    let found = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let first = ["s3.json", "s3-two-records.json", "sqs.json", "http-api-image.json"]
    let sorted = found.filter { $0.hasSuffix(".json") }.sorted()
    names = first.filter(sorted.contains) + sorted.filter { !first.contains($0) }
  }

  /// Nil for a name that is not in the list.
  func read(_ name: String) -> [UInt8]? {
    guard names.contains(name) else { return nil }
    return (try? Data(contentsOf: folder.appendingPathComponent(name))).map(Array.init)
  }
}
