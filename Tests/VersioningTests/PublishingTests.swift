import AWSControl
import OperationsSupport
import Testing
import Versioning

@Suite struct PublishingTests {
  private let lambda: ScriptedLambda
  private let fixture: ControlFixture

  init() throws {
    lambda = try ScriptedLambda { state in
      state.publish("1", codeSHA256: "code-1")
      state.latest.codeSHA256 = "code-2"
    }
    fixture = try ControlFixture(url: lambda.baseURL)
  }

  private func publish(
    code: String? = nil, waits: Bool = true
  ) throws -> VersionPublishing.Outcome {
    try VersionPublishing.publish(
      functionName: "photo-classifier", codeSHA256: code, with: fixture.client,
      waits ? Waiter(clock: fixture.clock) : nil)
  }

  @Test func updateUnderWayIsWaitedForAndSoIsTheVersion() throws {
    lambda.change { $0.latest.looksLeft = 2 }
    let outcome = try publish()
    #expect(outcome.version?.version == "2")
    #expect(outcome.isNew)
    #expect(lambda.state.versions.last?.looksLeft == 0)
    #expect(lambda.calls.allSatisfy { $0.status < 400 })
  }

  @Test func updateUnderWayIsRefusedWithoutWaiting() throws {
    lambda.change { $0.latest.looksLeft = 2 }
    #expect(throws: Refusal.self) { try publish(waits: false) }
    #expect(lambda.writes == [])
  }

  @Test func publishingTwiceReportsThatNothingChanged() throws {
    _ = try publish()
    let again = try publish()
    #expect(again.version?.version == "2")
    #expect(again.isNew == false)
    #expect(lambda.state.versions.count == 2)
  }

  @Test func otherCodeThanTheZipsIsRefused() throws {
    #expect(throws: Refusal.self) { try publish(code: "code-3") }
    #expect(lambda.writes == [])
    #expect(try publish(code: "code-2").isNew)
  }

  @Test func codeThatChangesInBetweenIsNotPublished() throws {
    lambda.change {
      $0.interference = [
        .init(before: "PublishVersion") {
          $0.latest.codeSHA256 = "theirs"
          $0.latest.revision = "theirs"
        }
      ]
    }
    #expect(throws: Refusal.self) { try publish() }
    #expect(lambda.state.versions.count == 1)
  }

  @Test func revisionThatChangedForAnotherReasonIsTriedOnceMore() throws {
    lambda.change {
      $0.interference = [.init(before: "PublishVersion") { $0.latest.revision = "a permission" }]
    }
    #expect(try publish().version?.version == "2")
  }
}

@Suite struct PruningTests {
  private func pruned(
    keep: Int, _ change: (inout ScriptedLambda.State) -> Void = { _ in }
  ) throws -> (deleted: [String], spared: [String], left: [String]) {
    let lambda = try ScriptedLambda { state in
      for number in 1...12 { state.publish("\(number)", codeSHA256: "code-\(number)") }
      state.pageSize = 5
      change(&state)
    }
    let fixture = try ControlFixture(url: lambda.baseURL)
    let pruning = try VersionPruning(
      functionName: "photo-classifier", keep: keep, with: fixture.client)
    var deleted: [String] = []
    try pruning.run(with: fixture.client) { version, error in
      if error == nil { deleted.append(version) }
    }
    return (deleted, pruning.spared.map(\.version), lambda.state.versions.map(\.number))
  }

  @Test func newestStayByTheirNumbersOverAllPages() throws {
    let result = try pruned(keep: 3)
    #expect(result.left == ["10", "11", "12"])
    #expect(result.deleted == (1...9).map { "\($0)" })
  }

  @Test func whatIsUsedIsSpared() throws {
    let result = try pruned(keep: 1) { state in
      state.aliases["live"] = .init("8", weights: ["9": 0.1], description: "[previous: 8←7]")
      state.aliases["blue"] = .init("3")
      state.provisioned["5"] = .init(1)
    }
    #expect(result.spared == ["9", "8", "7", "5", "3"])
    #expect(result.left == ["3", "5", "7", "8", "9", "12"])
  }

  @Test func versionThatCannotBeDeletedDoesNotKeepTheOthers() throws {
    let result = try pruned(keep: 10) { state in
      state.interference = [
        .init(before: "DeleteFunction") { $0.aliases["new"] = .init("1") }
      ]
    }
    #expect(result.deleted == ["2"])
    #expect(result.left.first == "1")
  }

  @Test func moreThanThereAreDeletesNothing() throws {
    #expect(try pruned(keep: 50).deleted == [])
  }
}
