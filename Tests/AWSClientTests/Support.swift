import AWSClient
import HTTPClient
import Platform
import SageMakerRuntime
import SigV4
import TestSupport

let exampleCredentials = AWSCredentials(
  accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  sessionToken: "TOKEN")

func makeContext(deadlineIn milliseconds: Int64 = 60_000, log: Log? = nil) -> CallContext {
  CallContext(
    credentials: exampleCredentials,
    deadline: .after(milliseconds: milliseconds, on: .system), traceID: "Root=1-2-3",
    log: log ?? Log(environment: Environment([:])) { _ in })
}

func makeAWS(
  _ server: ScriptedServer, environment: [String: String] = [:], clock: Clock = .system,
  histories: ServiceHistories = ServiceHistories()
) throws -> AWSClient {
  var values = ["AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": server.baseURL]
  values.merge(environment) { $1 }
  let environment = Environment(values)
  return AWSClient(
    configuration: try AWSConfiguration(environment: environment),
    http: try HTTPClient(trust: TrustStore(primary: .amazonTrustServices), proxy: .direct),
    clock: clock, histories: histories)
}

func makeRequest(_ service: AWSService = .sageMakerRuntime) -> AWSRequest {
  AWSRequest(
    service: service, operation: "Operation thing", method: "POST", path: "/thing",
    maximumResponseBytes: 1000, accessAdvice: "The role needs it")
}
