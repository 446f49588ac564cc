import Foundation
import TestSupport
import Testing

@testable import Credentials

@Suite struct ProgramTests {
  @Test func processPrintsKeysAndItsEnd() throws {
    let program = try Script(
      """
      printf '{"Version":1,"AccessKeyId":"AKID%s","SecretAccessKey":"s","SessionToken":"t",' "$1"
      printf '"Expiration":"2099-01-01T00:00:00+00:00"}'
      """)
    let situation = try Situation(
      config: "[default]\ncredential_process = \(program.path) 'a b'")
    let found = try situation.provider().resolved()
    #expect(found.credentials.accessKeyID == "AKIDa b")
    #expect(found.expirationUnixMilliseconds == 4_070_908_800_000)
    #expect(found.place == .process)
  }

  @Test func failureShowsItsReasonAndNotItsOutput() throws {
    let program = try Script("echo secret-output; echo first >&2; echo sorry >&2; exit 3")
    let situation = try Situation(config: "[default]\ncredential_process = \(program.path)")
    let error = #expect(throws: CredentialError.self) { try situation.provider().credentials() }
    #expect(error?.problem.hasSuffix("failed with exit status 3: sorry") == true)
    #expect(error?.message.contains("line 2") == true)
    #expect(error?.message.contains("secret-output") == false)
  }

  @Test(arguments: ["echo secret-output", #"echo '{"Version":1,"AccessKeyId":"secret-output"}'"#])
  func uselessOutputIsNotShown(line: String) throws {
    let program = try Script(line)
    let situation = try Situation(config: "[default]\ncredential_process = \(program.path)")
    let error = #expect(throws: CredentialError.self) { try situation.provider().credentials() }
    #expect(error?.message.contains("secret-output") == false)
  }

  @Test func programThatPrintsMuchOnBothSidesEnds() throws {
    let program = try Script(
      "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero | tr '\\0' ' '; echo '{}'")
    let situation = try Situation(config: "[default]\ncredential_process = \(program.path)")
    let error = #expect(throws: CredentialError.self) { try situation.provider().credentials() }
    #expect(error?.problem == "its output has no \"Version\": 1")
  }

  @Test func signInWithoutTheAWSCLIIsAnError() throws {
    let situation = try Situation(
      config: "[profile p]\nsso_account_id = 1\nsso_role_name = r\n", ["PATH": "/nonexistent"])
    let error = #expect(throws: CredentialError.self) {
      try situation.provider(profile: "p").credentials()
    }
    #expect(error?.problem.contains("`aws` is not in PATH") == true)
    #expect(error?.advice.contains("aws sso login --profile p") == true)
  }

  @Test func signInGetsTheProfilesKeysFromTheAWSCLI() throws {
    let folder = try Script(
      """
      test "$*" = "configure export-credentials --profile p --format process" || exit 9
      echo '{"Version":1,"AccessKeyId":"ASIASSO","SecretAccessKey":"s","SessionToken":"t"}'
      """, named: "aws")
    let situation = try Situation(
      config: "[profile p]\nlogin_session = me\n", ["PATH": folder.folder + ":/usr/bin:/bin"])
    let found = try situation.provider(profile: "p").resolved()
    #expect(found.place == .login)
    #expect(found.credentials.accessKeyID == "ASIASSO")
  }

  @Test func olderAWSCLIIsReportedByItsOwnError() throws {
    let folder = try Script(
      "echo 'aws: error: argument subcommand: Invalid choice' >&2; echo 'get | set' >&2; exit 2",
      named: "aws")
    let situation = try Situation(
      config: "[profile p]\nsso_account_id = 1\n", ["PATH": folder.folder + ":/usr/bin:/bin"])
    let error = #expect(throws: CredentialError.self) {
      try situation.provider(profile: "p").credentials()
    }
    #expect(error?.problem.contains("Invalid choice") == true)
    #expect(error?.advice.contains("version 2 of the AWS CLI") == true)
  }

  @Test(arguments: [
    ("a b  c", ["a", "b", "c"]), ("'a b' \"c d\"", ["a b", "c d"]),
    (#"a\ b "c\"d\e" '\'"#, ["a b", #"c"d\e"#, #"\"#]),
    ("a'b'c", ["abc"]), ("''", [""]), ("", []),
  ])
  func lineIsSplitAsAShellDoes(line: String, words: [String]) {
    #expect(ShellWords.split(line) == words)
  }

  @Test(arguments: ["'a", "\"a", #"a\"#, #""a\"#])
  func lineWithAnOpenQuoteIsNone(line: String) {
    #expect(ShellWords.split(line) == nil)
  }
}

/// An executable script in a folder of its own.
private final class Script {
  let folder: String
  let path: String

  init(_ text: String, named name: String = "program") throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    path = "\(folder)/\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try writeExecutable("#!/bin/sh\n\(text)\n", to: path)
  }

  deinit {
    // Nothing depends on its going away.
    try? FileManager.default.removeItem(atPath: folder)
  }
}
