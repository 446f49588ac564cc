import Foundation
import JSON
import TestSupport
import Testing

@Suite struct ProcessTests {
  @Test func theFunctionGetsLambdasEnvironmentAndNothingElse() throws {
    let folder = try TemporaryFolder()
    let script = try folder.script("env -0 > \"$LAMBDA_TASK_ROOT/environment\"")
    let run = try localInvoke(
      "events/s3.json", "--memory", "512",
      environment: [
        "HOME": "/nowhere", "SECRET_OF_MINE": "x", "IMAGE_BUCKET": "b", "MODEL_OUTPUT": "",
        "AWS_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "mine", "AWS_PROFILE": "p", "HTTPS_PROXY": "http://127.0.0.1:1",
      ], bootstrap: script)
    #expect(run.status == 1)
    let text = try #require(folder.text(of: "environment"))
    let pairs = text.split(separator: "\0").map {
      $0.split(separator: "=", maxSplits: 1).map(String.init)
    }
    let values = Dictionary(
      pairs.map { ($0[0], $0.count > 1 ? $0[1] : "") }, uniquingKeysWith: { $1 })
    // bash adds these three variables.
    let names = Set(values.keys).subtracting(["_", "SHLVL", "PWD", "OLDPWD"])
    #expect(
      names == [
        "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL_S3",
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
        "CLASS_LABELS",
        "ENDPOINT_NAME", "IMAGE_BUCKET", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT",
        "LANG", "PATH",
        "TZ", "_HANDLER",
      ])
    #expect(values["AWS_ACCESS_KEY_ID"]?.hasPrefix("ASIA") == true)
    #expect(values["AWS_REGION"] == "us-east-1")
    #expect(values["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "512")
    #expect(values["ENDPOINT_NAME"] == "dog-breeds")
  }

  @Test func theFunctionsOwnSettingsAreHandedOn() throws {
    let folder = try TemporaryFolder()
    let script = try folder.script("env -0 > \"$LAMBDA_TASK_ROOT/environment\"")
    let names = [
      "RESULT_BUCKET", "RESULT_PREFIX", "RESULT_KMS_KEY_ID", "TOP_K", "METRICS", "ALLOW_URL_INPUT",
      "MAX_PARALLEL", "IMAGE_PREFIX", "INPUT_MODE", "IMAGE_TYPE_MAP", "ENDPOINT_REQUEST",
      "REPLY_VALUES", "REPLY_LABELS", "MAX_CLASSES", "LOG_RESULTS", "ALLOW_OBJECT_INPUT",
      "S3_FIRST_BYTE_MS", "ENDPOINT_TIMEOUT_MS",
    ]
    let settings = Dictionary(uniqueKeysWithValues: names.map { ($0, "value of \($0)") })
    _ = try localInvoke(
      "events/s3.json", "--show-results", environment: settings, bootstrap: script)
    let variables = (folder.text(of: "environment") ?? "").split(separator: "\0").map(String.init)
    for name in names { #expect(variables.contains("\(name)=value of \(name)")) }
  }

  @Test(arguments: [(["--show-results"], true), ([], false)])
  func resultsAreStoredOnlyWhenAskedFor(options: [String], isSet: Bool) throws {
    let folder = try TemporaryFolder()
    let script = try folder.script("env -0 > \"$LAMBDA_TASK_ROOT/environment\"")
    _ = try CommandRun(["events/s3.json"] + options, bootstrap: script).finish()
    let variables = (folder.text(of: "environment") ?? "").split(separator: "\0")
    #expect(variables.contains("RESULT_BUCKET=local-results") == isSet)
  }

  @Test func aFunctionThatEndsWhileStartingIsAnExitError() throws {
    let folder = try TemporaryFolder()
    let run = try localInvoke("events/s3.json", bootstrap: folder.script("echo oops; exit 3"))
    #expect(run.status == 1)
    let answer = try JSONValue(parsing: run.output)
    #expect(answer["errorType"] == "Runtime.ExitError")
    #expect(
      answer["errorMessage"]?.stringValue?.wholeMatch(
        of: /RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3/) != nil)
    #expect(run.errors.contains("oops\n"))
  }

  @Test func aFunctionThatEndsDuringAnInvocationIsAnExitErrorAndTheNextGetsANewProcess() throws {
    let folder = try TemporaryFolder()
    let script = try folder.script(
      "echo $$ >> \"$LAMBDA_TASK_ROOT/started\"\n\(takesOneEvent)\nkill -SEGV $$")
    let run = try localInvoke("events/s3.json", "--repeat", "2", bootstrap: script)
    #expect(run.status == 1)
    #expect(
      try JSONValue(parsing: run.output)["errorMessage"]?.stringValue?
        .hasSuffix("Error: Runtime exited with error: signal: segmentation fault") == true)
    #expect(run.errors.contains("2 invocations, 2 failed"))
    let started = Set((folder.text(of: "started") ?? "").split(separator: "\n"))
    #expect(started.count == 2)
  }

  @Test func aFunctionThatOverrunsIsKilledWithItsChildren() throws {
    let folder = try TemporaryFolder()
    let script = try folder.script(
      "sleep 1000 & echo $! > \"$LAMBDA_TASK_ROOT/child\"; echo $$ > \"$LAMBDA_TASK_ROOT/own\"\n\(takesOneEvent)\nwait"
    )
    let run = try localInvoke("events/s3.json", "--timeout", "1", bootstrap: script)
    #expect(run.status == 1)
    #expect(try JSONValue(parsing: run.output)["errorType"] == "Sandbox.Timedout")
    #expect(run.errors.contains("Task timed out after 1.00 seconds"))
    #expect(run.errors.contains("Duration: 1000.00 ms\tBilled Duration"))
    #expect(run.errors.contains("Status: timeout"))
    #expect(folder.text(of: "own") != nil)
    #expect(!isAlive(folder.text(of: "own")))
    // Killed, but this process cannot wait for a grandchild.
    #expect(waitUntil { !isAlive(folder.text(of: "child")) })
  }

  @Test func aFunctionThatCannotBeStartedIsAnInvalidEntrypoint() throws {
    let folder = try TemporaryFolder()
    let script = try folder.script("")
    try Data("no program".utf8).write(to: script)
    let run = try localInvoke("events/s3.json", bootstrap: script)
    #expect(run.status == 1)
    #expect(try JSONValue(parsing: run.output)["errorType"] == "Runtime.InvalidEntrypoint")
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func anInterruptedReplayLeavesNothingRunning(signal: Int32) throws {
    let folder = try TemporaryFolder()
    let script = try folder.script(
      "echo $$ > \"$LAMBDA_TASK_ROOT/own\"\n\(takesOneEvent)\necho taken\nwhile :; do sleep 1; done"
    )
    let run = try CommandRun(["events/s3.json"], bootstrap: script)
    #expect(run.waitForError(containing: "taken") != nil)
    kill(run.process.processIdentifier, signal)
    let result = run.finish()
    #expect(result.status == 128 + signal)
    #expect(result.output.isEmpty)
    #expect(folder.text(of: "own") != nil)
    #expect(!isAlive(folder.text(of: "own")))
  }
}

@Suite struct ServeTests {
  @Test func itAnswersInvocationsUntilItIsInterrupted() throws {
    let run = try CommandRun(["--serve", "0"])
    let text = try #require(run.waitForError(containing: "AWS_SESSION_TOKEN="))
    let port = try #require(
      text.firstMatch(of: /is available at http:\/\/127\.0\.0\.1:(\d+)\./).flatMap { UInt16($0.1) })
    for _ in 0..<2 {
      let client = try RawClient(port: port)
      let event = "{\"url\":\"s3://dog-photos/uploads/mixed-breed.jpg\"}"
      try client.send(
        "POST /2015-03-31/functions/function/invocations HTTP/1.1\r\nConnection: close\r\n"
          + "Content-Length: \(event.utf8.count)\r\n\r\n\(event)")
      let reply = try client.receiveToEnd().text
      #expect(reply.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(reply)")
      #expect(reply.contains("\"statusCode\":200"))
    }
    kill(run.process.processIdentifier, SIGINT)
    let result = run.finish()
    #expect(result.status == 0)
    #expect(result.errors.components(separatedBy: "REPORT RequestId").count == 3)
  }
}
