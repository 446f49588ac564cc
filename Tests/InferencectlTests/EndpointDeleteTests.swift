import JSON
import OperationsSupport
import TestSupport
import Testing

@Suite struct EndpointDeleteTests {
  private static let configuration = "dogs-20201122-190512"
  private static let gone = ScriptedServer.Answer(
    400, body: #"{"__type":"ValidationException","message":"Could not find it"}"#)

  private static func endpoint(_ status: String) -> ScriptedServer.Answer {
    .init(
      200,
      body: """
        {"EndpointName":"dogs","EndpointArn":"a","EndpointConfigName":"\(configuration)","EndpointStatus":"\(status)",
        "ProductionVariants":[]}
        """)
  }

  private func server(
    _ endpoint: [ScriptedServer.Answer], configurations: String = "[]", models: String = "[]"
  ) throws -> RoutedServer {
    let done = [ScriptedServer.Answer(200, body: "{}")]
    return try RoutedServer([
      "DescribeEndpoint": endpoint, "DescribeEndpointConfig": [Self.gone],
      "DescribeModel": [Self.gone], "DescribeScalableTargets": done,
      "ListEndpoints": [.init(200, body: #"{"Endpoints":[]}"#)],
      "ListEndpointConfigs": [.init(200, body: #"{"EndpointConfigs":\#(configurations)}"#)],
      "ListModels": [.init(200, body: #"{"Models":\#(models)}"#)],
      "DeleteEndpoint": done, "DeleteEndpointConfig": done, "DeleteModel": done,
    ])
  }

  private func delete(_ server: RoutedServer, _ options: String...) -> CommandRun {
    CommandRun(
      ["endpoint", "delete", "--endpoint-name", "dogs", "--yes"] + options, url: server.baseURL,
      clock: makeClock().0)
  }

  @Test func restOfADeletionWithoutWaitIsDeletedBySuchACommandToo() throws {
    let server = try server(
      [Self.gone],
      configurations: """
        [{"EndpointConfigName":"\(Self.configuration)","CreationTime":1600000000}]
        """)
    let run = delete(server, "--no-wait", "--output", "json")
    #expect(server.calls.filter { $0.hasPrefix("Delete") } == ["DeleteEndpointConfig"])
    #expect(try JSONValue(parsing: run.output)["status"] == "Deleted")
  }

  @Test func endpointThatLeavesNothingIsNamedAlone() throws {
    let started = delete(try server([Self.endpoint("InService")]), "--no-wait")
    #expect(started.output == "Endpoint dogs is being deleted\n")
    let ended = delete(try server([Self.endpoint("Deleting"), Self.gone]))
    #expect(ended.output == "endpoint dogs: deleted\n")
  }

  @Test func keptModelsAreNothingToDelete() throws {
    let server = try server(
      [Self.gone],
      models: """
        [{"ModelName":"\(Self.configuration)","CreationTime":1600000000}]
        """)
    let run = delete(server, "--keep-model")
    #expect(run.output == "Endpoint dogs is deleted already\n")
    #expect(server.calls.allSatisfy { !$0.hasPrefix("Delete") })
  }
}
