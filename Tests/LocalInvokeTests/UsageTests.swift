import LoopbackServer
import Platform
import TestSupport
import Testing

@Suite struct UsageTests {
  @Test(arguments: [
    [], ["--bogus", "events/s3.json"], ["missing.json"], ["events"],
    ["events/s3.json", "--timeout", "0"],
    ["events/s3.json", "--timeout", "901"], ["events/s3.json", "--memory", "1"],
    ["events/s3.json", "--repeat", "0"],
    ["events/s3.json", "--repeat", "many"], ["events/s3.json", "--objects", "nowhere"],
    ["events/s3.json", "--labels", "nowhere"], ["events/s3.json", "--bootstrap", "nowhere"],
    ["events/s3.json", "--container", "localhost:8080"],
    ["events/s3.json", "--aws", "--container", "http://h"],
    ["events/s3.json", "--aws"], ["events/s3.json", "--serve"], ["--serve", "0", "--repeat", "2"],
    ["--serve", "99999"], ["--serve", "0", "--concurrency", "2"],
    ["events/s3.json", "--concurrency", "2"],
    ["events/s3.json", "--repeat", "3", "--concurrency", "0"],
    ["events/s3.json", "--repeat", "200", "--concurrency", "101"],
    ["events/s3.json", "--aws", "--show-results"], ["-", "-"], ["-", "--watch"],
    ["events/s3.json", "--event", "sqs"], ["events/s3.json", "--profile", "dev"],
    ["events/s3.json", "--watch", "--repeat", "2"], ["events/s3.json", "--output", "yaml"],
    ["events/s3.json", "--container", "http://h", "--model", "m"],
  ])
  func wrongUsageIsStatus2AndSaysWhy(arguments: [String]) throws {
    let run = try CommandRun(arguments).finish()
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("Error: "))
  }

  @Test func numberThatIsNoPortIsNamed() throws {
    let run = try localInvoke("--serve", "99999")
    #expect(run.status == 2)
    #expect(run.errors.contains("--serve 99999: a port is a number from 0"), "\(run.errors)")
  }

  @Test func portInUseIsNamed() throws {
    let server = try LoopbackServer(port: 0) { _, _ in }
    defer { server.stop() }
    let run = try localInvoke("--serve", "\(server.port)")
    #expect(run.status == 2)
    #expect(run.errors.contains("Port \(server.port) is in use"), "\(run.errors)")
  }

  @Test(arguments: ["ENDPOINT_NAME", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"])
  func awsNamesTheVariableThatIsMissing(name: String) throws {
    var environment = [
      "ENDPOINT_NAME": "e", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s",
      "AWS_REGION": "r", "AWS_EC2_METADATA_DISABLED": "true",
    ]
    environment[name] = nil
    let run = try localInvoke("--aws", "events/s3.json", environment: environment)
    #expect(run.status == 2)
    #expect(run.errors.contains(name))
  }

  @Test func versionIsTheProducts() throws {
    let run = try localInvoke("--version")
    #expect(run.status == 0)
    #expect(run.output == "local-invoke \(Product.version)\n")
    #expect(run.errors.isEmpty)
  }

  @Test func helpGoesToStandardOutput() throws {
    let run = try localInvoke("--help")
    #expect(run.status == 0)
    #expect(run.output.contains("local-invoke events/s3.json"))
    #expect(run.errors.isEmpty)
  }
}
