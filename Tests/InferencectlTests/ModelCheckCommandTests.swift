import Archives
import JSON
import LoopbackServer
import OperationsSupport
import TestSupport
import Testing

/// `endpoint create` and `update` against an account that remembers its endpoint's configuration.
@Suite struct ModelCheckCommandTests {
  /// An endpoint, the archives in S3, and how the model answers.
  private final class Account: @unchecked Sendable {
    let server: LoopbackServer
    private let calls = Recorder<(operation: String, body: JSONValue)>()

    /// - Parameters:
    ///   - old: the configuration that serves; nil before there is one.
    ///   - answers: of the model, by the name of the configuration that serves; any other is good.
    ///   - error: the code of those other answers.
    init(
      old: String?, files: [String], brokenAnswer: String? = nil, error: String = "ModelError"
    ) throws {
      let calls = self.calls
      let configuration = Box<String>()
      if let old { configuration.set(old) }
      let archive = try Gzip.compress(
        Tar.pack(
          files.map {
            (name: $0, bytes: Array(($0 == "labels.txt" ? "cat\ndog\n" : "x").utf8))
          }))
      server = try LoopbackServer { request, connection in
        if request.path.hasSuffix("/model.tar.gz") {
          return try connection.send(status: 200, body: archive)
        }
        let body = (try? JSONValue(parsing: request.body)) ?? .null
        let operation =
          request.header("X-Amz-Target")?.split(separator: ".").last.map(String.init)
          ?? "InvokeEndpoint"
        calls.add((operation, body))
        let present = configuration.wait(timeoutSeconds: 0)
        if operation == "InvokeEndpoint", let brokenAnswer, present != "old" {
          return try connection.send(
            status: 424, headers: [("x-amzn-errortype", error)],
            body: Array(#"{"Message":"\#(brokenAnswer)","OriginalStatusCode":500}"#.utf8))
        }
        if operation == "UpdateEndpoint" || operation == "CreateEndpoint",
          let name = body["EndpointConfigName"]?.stringValue
        {
          configuration.set(name)
        }
        let (status, text) = Self.answer(operation, present)
        try connection.send(status: status, body: Array(text.utf8))
      }
    }

    private static func answer(_ operation: String, _ present: String?) -> (Int, String) {
      switch operation {
      case "DescribeEndpoint":
        guard let present else {
          return (400, #"{"__type":"ValidationException","message":"Could not find endpoint"}"#)
        }
        return (
          200,
          #"{"EndpointName":"e","EndpointArn":"a","EndpointConfigName":"\#(present)","EndpointStatus":"InService","ProductionVariants":[{"VariantName":"A","CurrentInstanceCount":1,"DesiredInstanceCount":1}]}"#
        )
      case "DescribeEndpointConfig":
        return (
          200,
          #"{"EndpointConfigName":"old","ProductionVariants":[{"VariantName":"A","ModelName":"m","InstanceType":"ml.m5.large"}]}"#
        )
      case "DescribeModel":
        return (
          200,
          #"{"ModelName":"m","ExecutionRoleArn":"r","PrimaryContainer":{"Image":"763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-inference:2.6.0-cpu-py312","ModelDataUrl":"s3://models/old/model.tar.gz","Environment":{"SAGEMAKER_PROGRAM":"inference.py"}}}"#
        )
      case "CreateModel": return (200, #"{"ModelArn":"a"}"#)
      case "CreateEndpointConfig": return (200, #"{"EndpointConfigArn":"a"}"#)
      case "CreateEndpoint": return (200, #"{"EndpointArn":"a"}"#)
      case "InvokeEndpoint": return (200, "[[2.5, -1.5]]")
      default: return (200, "{}")
      }
    }

    var operations: [String] { calls.all.map(\.operation) }
    func bodies(_ operation: String) -> [JSONValue] {
      calls.all.filter { $0.operation == operation }.map(\.body)
    }
  }

  private static let servable = ["model.pth", "model.json", "labels.txt", "code/inference.py"]

  private func run(_ account: Account, _ command: [String]) throws -> CommandRun {
    let labels = try TemporaryFile("")
    defer { account.server.stop() }
    return CommandRun(
      ["endpoint"] + command + ["--endpoint-name", "e", "--labels", labels.path],
      url: account.server.baseURL, clock: makeClock().0)
  }

  private static let creation = [
    "create", "--model-data", "s3://models/new/model.tar.gz", "--role", "arn:aws:iam::1:role/r",
  ]
  private static let update = ["update", "--model-data", "s3://models/new/model.tar.gz"]

  @Test func createdEndpointIsInvokedBeforeSuccessIsReported() throws {
    let account = try Account(old: nil, files: Self.servable)
    let run = try run(account, Self.creation)
    #expect(run.status == 0, "\(run.errors)")
    #expect(account.operations.last == "InvokeEndpoint")
    #expect(run.errors.contains("The model answered to a photograph"))
    let environment = account.bodies("CreateModel")[0]["PrimaryContainer"]?["Environment"]
    #expect(environment?["TS_MAX_REQUEST_SIZE"] == "26214400")
  }

  @Test(arguments: [["model.pth", "labels.txt"], ["labels.txt", "code/inference.py"]])
  func archiveThatCannotServeIsRefusedBeforeAnythingIsCreated(files: [String]) throws {
    for command in [Self.creation, Self.update] {
      let account = try Account(old: command == Self.update ? "old" : nil, files: files)
      let run = try run(account, command)
      #expect(run.status == 1)
      #expect(run.errors.contains("could not serve"))
      #expect(!account.operations.contains { $0.hasPrefix("Create") || $0.hasPrefix("Update") })
    }
  }

  @Test func modelThatCannotBeLoadedFailsTheCreation() throws {
    let account = try Account(old: nil, files: Self.servable, brokenAnswer: "Worker died.")
    let run = try run(account, Self.creation)
    #expect(run.status == 1)
    #expect(run.errors.contains("Endpoint e is InService, but its model failed"))
    #expect(run.errors.contains("Worker died."))
    #expect(!run.output.contains("is InService"))
  }

  @Test func updateWithAModelThatCannotBeLoadedReturnsToTheOldConfiguration() throws {
    let account = try Account(old: "old", files: Self.servable, brokenAnswer: "Worker died.")
    let run = try run(account, Self.update)
    #expect(run.status == 1)
    #expect(run.errors.contains("Endpoint e was returned to old"))
    #expect(account.bodies("UpdateEndpoint").count == 2)
    #expect(account.bodies("UpdateEndpoint").last?["EndpointConfigName"] == "old")
    #expect(!account.operations.contains("DeleteEndpointConfig"))
  }

  @Test func endpointThatTheCallerCannotInvokeIsLeftAsItIs() throws {
    for command in [Self.creation, Self.update] {
      let account = try Account(
        old: command == Self.update ? "old" : nil, files: Self.servable,
        brokenAnswer: "The token is invalid.", error: "UnrecognizedClientException")
      let run = try run(account, command)
      #expect(run.status == 1)
      #expect(run.errors.contains("but could not be invoked"))
      #expect(run.errors.contains("--no-probe"))
      #expect(account.bodies("UpdateEndpoint").count == (command == Self.update ? 1 : 0))
    }
  }

  @Test func updateThatAnswersIsReportedAsDone() throws {
    let account = try Account(old: "old", files: Self.servable)
    let run = try run(account, Self.update)
    #expect(run.status == 0, "\(run.errors)")
    #expect(account.bodies("UpdateEndpoint").count == 1)
    #expect(account.operations.count { $0 == "InvokeEndpoint" } == 1)
  }

  @Test func probeAndArchiveCheckCanBeLeftOut() throws {
    let account = try Account(old: nil, files: ["labels.txt", "weights.bin"])
    let run = try run(account, Self.creation + ["--no-archive-check", "--no-probe"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(!account.operations.contains("InvokeEndpoint"))
  }
}
