import Archives
import JSON
import LoopbackServer
import OperationsSupport
import TestSupport
import Testing

@Suite struct EndpointUpdateCommandTests {
  /// Answers by operation; S3's objects by path.
  private static func server(labels: [String: String]) throws -> LoopbackServer {
    try LoopbackServer { request, connection in
      if let text = labels[request.path] {
        let archive = try Gzip.compress(Tar.pack([("labels.txt", Array(text.utf8))]))
        return try connection.send(status: 200, body: archive)
      }
      let body =
        switch request.header("X-Amz-Target")?.split(separator: ".").last {
        case "DescribeEndpoint":
          #"{"EndpointName":"e","EndpointArn":"a","EndpointConfigName":"c","EndpointStatus":"InService","ProductionVariants":[{"VariantName":"A","CurrentInstanceCount":1,"DesiredInstanceCount":1}]}"#
        case "DescribeEndpointConfig":
          #"{"EndpointConfigName":"c","ProductionVariants":[{"VariantName":"A","ModelName":"m","InstanceType":"ml.m5.large"}]}"#
        case "DescribeModel":
          #"{"ModelName":"m","ExecutionRoleArn":"r","PrimaryContainer":{"Image":"i","ModelDataUrl":"s3://models/old.tar.gz"}}"#
        default: "{}"
        }
      try connection.send(status: 200, body: Array(body.utf8))
    }
  }

  private func update(_ labels: [String: String], _ more: [String] = []) throws -> CommandRun {
    let server = try Self.server(labels: labels)
    defer { server.stop() }
    return CommandRun(
      [
        "endpoint", "update", "--endpoint-name", "e", "--model-data", "s3://models/new.tar.gz",
        "--dry-run", "--alarm", "errors",
      ] + more, url: server.baseURL)
  }

  @Test func otherClassesAreRefused() throws {
    let labels = ["/models/old.tar.gz": "cat\ndog\n", "/models/new.tar.gz": "cat\nelk\n"]
    let run = try update(labels)
    #expect(run.status == 1)
    #expect(run.errors.contains("new: elk; removed: dog"))
    #expect(!run.output.contains("UpdateEndpoint"))
    #expect(try update(labels, ["--accept-new-labels"]).status == 0)
  }

  @Test func sameClassesInAnotherOrderAreRefused() throws {
    let run = try update(["/models/old.tar.gz": "cat\ndog\n", "/models/new.tar.gz": "dog\ncat\n"])
    #expect(run.status == 1)
    #expect(run.errors.contains("the order differs"))
  }

  @Test func oneInstanceMovesAllAtOnceWithItsAlarms() throws {
    let run = try update(["/models/old.tar.gz": "cat\ndog\n", "/models/new.tar.gz": "cat\ndog\n"])
    #expect(run.status == 0)
    #expect(run.output.contains("would send UpdateEndpoint e"))
    #expect(run.output.contains("ALL_AT_ONCE"))
    #expect(run.output.contains("\"AlarmName\": \"errors\""))
    #expect(run.errors.contains("one instance"))
  }
}
