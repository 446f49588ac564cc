import Foundation
import JSON
import Testing

/// The template's stack in MiniStack with AUTH=true and TLS. The function comes from the zip;
/// LocalAWS is the endpoint.
@Suite(.enabled(if: Oracle.deployment.isExpected, Oracle.deployment.absence))
struct DeploymentTests {
  @Test func uploadOfAnImageInvokesTheFunctionOnce() throws {
    let run = try DeploymentResults.experiment("asynchronous")
    #expect(run["ended"]?.int64Value == 1, "\(run)")
    let log = run["log"]?.arrayValue?.compactMap(\.stringValue).joined(separator: "\n") ?? ""
    #expect(!log.contains("AccessDenied") && !log.contains("errorType"), "\(log)")
    // The endpoint was called and accepted the signature of the role's session; it never refused a
    // request.
    let statuses = try DeploymentResults.endpointStatuses()
    #expect(statuses.first == 200)
    #expect(Set(statuses) == [200])
  }

  @Test func theSameEventIsAnsweredWithTheGermanShepherd() throws {
    for name in ["whole role", "whole role again"] {
      let answers = try DeploymentResults.experiment(name)
      for kind in ["newest", "version"] { try expectShepherd(answers.member(kind)) }
    }
  }

  @Test func endpointIsAskedForEveryImageThatMayBeRead() throws {
    // One for the upload, two with the whole role, one each without one of two permissions, two
    // after restoring it, one through the queue, and one through the URL.
    #expect(try DeploymentResults.endpointStatuses().count == 9)
  }

  // MARK: Permissions removed

  @Test func withoutGetObjectTheNewestVersionIsDenied() throws {
    let answers = try DeploymentResults.experiment("without s3:GetObject")
    try expectDenied(
      answers.member("newest"), object: "s3://dog-photos/uploads/Schäferhund Rex.jpg")
    try expectShepherd(answers.member("version"))
  }

  @Test func withoutGetObjectVersionTheEventsVersionIsDenied() throws {
    let answers = try DeploymentResults.experiment("without s3:GetObjectVersion")
    try expectDenied(
      answers.member("version"), object: "s3://dog-photos/uploads/Schäferhund Rex.jpg")
    try expectShepherd(answers.member("newest"))
  }

  @Test func objectOutsideThePrefixIsDenied() throws {
    try expectDenied(
      DeploymentResults.experiment("outside the prefix"), object: "s3://dog-photos/private/dog.jpg")
  }

  @Test func eventThatFailsForGoodGoesToTheFailureQueueAfterItsRetries() throws {
    let failure = try DeploymentResults.experiment("failure")
    let settings = try failure.member("settings")
    #expect(settings["MaximumRetryAttempts"]?.int64Value == 2)
    #expect(settings["MaximumEventAgeInSeconds"]?.int64Value == 21_600)
    #expect(failure["attempts"]?.int64Value == 3)
    let message = try failure.member("message")
    let text = String(decoding: message.serialized(), as: UTF8.self)
    #expect(text.contains("private/dog.jpg"))
    #expect(text.contains("S3.AccessDenied"))
  }

  @Test func functionsOwnKeysCanDoNothingElse() throws {
    let keys = try DeploymentResults.experiment("function's own keys")
    let calls = try #require(keys.objectValue?.members)
    #expect(calls.count == 14)
    for (call, outcome) in calls {
      let isAllowed = outcome.stringValue == "allowed"
      #expect(isAllowed == (call == "sqs:SendMessage"), "\(call): \(outcome)")
      if !isAllowed {
        let codes = ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"]
        #expect(codes.contains(outcome.stringValue ?? ""), "\(call): \(outcome)")
      }
    }
  }

  // MARK: Trigger

  @Test func onlyTheBucketOfThisAccountMayInvokeTheAlias() throws {
    let decisions = try DeploymentResults.experiment("trigger").member("decisions")
    #expect(try decisions.text("the bucket") == "Allow")
    for other in [
      "another bucket", "the bucket's name in another account", "another service",
      "the bucket after its removal",
    ] {
      #expect(try decisions.text(other) == "ImplicitDeny", "\(other)")
    }
    #expect(try decisions.text("a user without permission") == "AccessDeniedException")
    #expect(try decisions.text("policy after its removal") == "ResourceNotFoundException")
  }

  @Test func bucketRefusesWhoeverComesWithoutTLS() throws {
    let answers = try DeploymentResults.experiment("TLS only")
    #expect(try answers.text("withTLS") == "allowed")
    #expect(try answers.text("withoutTLS") == "AccessDenied")
  }

  // MARK: Stack

  @Test func stackIsCreatedAsItIs() throws {
    #expect(try Oracle.deployment.description().text("created") == "CREATE_COMPLETE")
    let resources = try DeploymentResults.prepared("resources").arrayValue ?? []
    #expect(resources.count == 20)
    #expect(resources.allSatisfy { $0.stringValue?.hasSuffix(" CREATE_COMPLETE") == true })
  }

  @Test(arguments: [
    "existing bucket", "existing bucket and queue", "URL for everybody", "new VPC", "concurrency",
    "every other option", "other characters in keys",
  ])
  func otherChoicesAreCreatedToo(_ name: String) throws {
    #expect(try DeploymentResults.prepared("cases").text(name) == "CREATE_COMPLETE")
  }

  @Test(arguments: [
    ("VPC without subnets", "VpcMode existing requires SubnetIds"),
    ("subnets without VPC", "SubnetIds requires VpcMode existing"),
    ("hosting without an image", "HostModel requires ModelImage"),
    ("cooldown out of range", "'HostingScaleInCooldownSeconds' must be a number not greater"),
    ("provisioned maximum without minimum", "ProvisionedConcurrencyMaximum requires"),
    ("canary with provisioned concurrency", "DeploymentType must be AllAtOnce"),
    ("endpoint in capitals", "lower-case letters"),
    ("results among the images", "ResultPrefix must differ from ImageKeyPrefix"),
    ("everybody's URLs", "AllowUrlInput with FunctionUrlAuth NONE"),
    ("everybody's objects", "AllowObjectInput with FunctionUrlAuth NONE"),
    ("a URL for everybody without a limit", "FunctionUrlAuth NONE requires ReservedConcurrency"),
    ("a prefix that S3 would encode", "because S3 compares URL-encoded keys"),
    ("no release", "Release is required"),
    ("a batch without a queue", "QueueBatchSize requires EventDelivery queue"),
    ("a serverless endpoint and a short timeout", "TimeoutSeconds of 300, 360, 420"),
    ("replies among the images", "AsyncBucketName must differ from ImageBucketName"),
    ("no instances in real time", "HostingMinimumInstances 0 requires EndpointKind asynchronous"),
    ("a circle", "Circular dependency detected"),
  ])
  func whatCannotWorkIsRefusedBeforeAnythingIsCreated(_ name: String, _ reason: String) throws {
    let answer = try DeploymentResults.prepared("refused").text(name)
    #expect(answer.contains(reason), "\(answer)")
  }

  @Test func secondDeploymentPublishesAVersionAndMovesTheAlias() throws {
    let update = try DeploymentResults.experiment("update")
    #expect(try update.text("status") == "UPDATE_COMPLETE")
    #expect(try update.text("before") == "1")
    #expect(try update.text("after") == "2")
    #expect(update["memory"]?.int64Value == 512)
  }

  @Test func documentedCommandDeploysTheZipAndThenAChangedParameter() throws {
    let deployed = try DeploymentResults.prepared("samDeploy")
    let live = try #require(deployed["live"]?.arrayValue)
    #expect(try live.map { try $0.text("version") } == ["1", "2"])
    #expect(live.map { $0["memory"]?.int64Value } == [256, 512])
    // Uploaded as build-zip.sh made it.
    let recorded = try deployed.text("recorded")
    #expect(try live.map { try $0.text("code") } == [recorded, recorded])
  }

  @Test func zipWithoutLabelsIsDeployedWithoutTheirParameter() throws {
    let deployed = try DeploymentResults.prepared("samDeployWithLabels")
    for (name, labels) in [("first", "labels.txt"), ("second", "")] {
      let live = try deployed.member(name)
      #expect(try live.text("labels") == labels)
      #expect(try live.member("answer").text("error") == "", "\(live)")
    }
    let refused = try deployed.member("refused")
    #expect(refused["status"]?.int64Value == 1)
    #expect(try refused.text("reason").contains("has no labels.txt"))
    // CloudFormation keeps the value of an omitted parameter, and the function does not start.
    let kept = try deployed.member("kept")
    #expect(try kept.text("labels") == "labels.txt")
    #expect(try kept.member("answer").text("error") == "Unhandled", "\(kept)")
  }

  // MARK: Helpers

  private func expectShepherd(
    _ answer: JSONValue, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(try answer.text("error") == "", "\(answer)", sourceLocation: sourceLocation)
    let payload = try answer.member("payload")
    #expect(payload["statusCode"]?.int64Value == 200, "\(answer)", sourceLocation: sourceLocation)
    let body = try JSONValue(parsing: payload.text("body"))
    let probabilities = try #require(body["results"]?[0]?["probabilities"]?.arrayValue)
    #expect(probabilities.count == 118, sourceLocation: sourceLocation)
    // The template has no labels for LocalAWS's 118 classes, so they are numbered; 84 is the German
    // shepherd.
    #expect(
      body["results"]?[0]?["class"]?.stringValue == "84", "\(probabilities[0])",
      sourceLocation: sourceLocation)
  }

  private func expectDenied(
    _ answer: JSONValue, object: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(try answer.text("error") == "Unhandled", "\(answer)", sourceLocation: sourceLocation)
    let payload = try answer.member("payload")
    #expect(
      payload["errorType"]?.stringValue == "S3.AccessDenied", "\(answer)",
      sourceLocation: sourceLocation)
    let message = try payload.text("errorMessage")
    for words in [object, "403", "AccessDenied", "GetObject"] {
      #expect(message.contains(words), "\(message)", sourceLocation: sourceLocation)
    }
  }
}
