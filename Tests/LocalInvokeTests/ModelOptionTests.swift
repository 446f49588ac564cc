import Foundation
import TestSupport
import Testing

@Suite struct ModelOptionTests {
  /// A `python3` that answers the probe, and serves as the script says.
  private func python(_ folder: TemporaryFolder, missing: String, serving: String = "") throws {
    let file = folder.url.appendingPathComponent("python3")
    let text = """
      #!/bin/bash
      if [ "$2" = -c ]; then echo '\(missing)'; exit; fi
      \(serving)
      """
    try Data(text.utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    try Data("archive".utf8).write(to: folder.url.appendingPathComponent("model.tar.gz"))
  }

  private func run(_ folder: TemporaryFolder) throws -> CommandRun.Result {
    try localInvoke(
      "events/s3.json", "--model", folder.url.path, environment: ["PATH": folder.url.path])
  }

  @Test func whatEachPythonLacksIsListedWithTheCommandsThatInstallIt() throws {
    let folder = try TemporaryFolder()
    try python(folder, missing: #"["torch", "java"]"#)
    let run = try run(folder)
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("  \(folder.url.path)/python3 lacks torch, java\n"))
    #expect(run.errors.contains("openjdk-17-jre-headless"))
    #expect(
      run.errors.contains("pip install torchserve==0.12.0 sagemaker-pytorch-inference==2.0.25"))
  }

  @Test func servingCodeThatEndsIsReportedWithItsLastLines() throws {
    let folder = try TemporaryFolder()
    try python(folder, missing: "[]", serving: "echo 'no such network' >&2; exit 3")
    let run = try run(folder)
    #expect(run.status == 1)
    #expect(
      run.errors.contains(
        "The model could not be served. The end of its output:\n  no such network\n"))
  }

  @Test func interruptedStartLeavesNothingRunning() throws {
    let folder = try TemporaryFolder()
    try python(
      folder, missing: "[]",
      serving: "echo $$ > \"${0%/*}/own\"; /bin/sleep 1000 & echo $! > \"${0%/*}/child\"; wait")
    let run = try CommandRun(
      ["events/s3.json", "--model", folder.url.path], environment: ["PATH": folder.url.path])
    #expect(waitUntil { folder.text(of: "child")?.isEmpty == false })
    kill(run.process.processIdentifier, SIGINT)
    #expect(run.finish().status == 128 + SIGINT)
    #expect(waitUntil { !isAlive(folder.text(of: "own")) && !isAlive(folder.text(of: "child")) })
  }

  @Test func folderWithoutAModelIsNamed() throws {
    let folder = try TemporaryFolder()
    let run = try run(folder)
    #expect(run.status == 1)
    #expect(run.errors.contains("contains neither code/inference.py nor model.tar.gz"))
  }
}
