import AWSClient
import AWSControl
import OperationsSupport
import TestSupport
import Testing
import Versioning

@Suite struct AliasTests {
  private let lambda: ScriptedLambda
  private let fixture: ControlFixture

  init() throws {
    lambda = try ScriptedLambda { state in
      for number in 4...6 { state.publish("\(number)", codeSHA256: "code-\(number)") }
      state.aliases["live"] = .init("5", description: "Breeds")
    }
    fixture = try ControlFixture(url: lambda.baseURL)
  }

  private var live: AliasOperations {
    AliasOperations(functionName: "photo-classifier", alias: "live", client: fixture.client)
  }
  private var alias: ScriptedLambda.Alias? { lambda.state.aliases["live"] }

  private func refusal(_ body: () throws -> AliasOperations.Outcome) -> String {
    do {
      return "nothing was refused: \(try body())"
    } catch {
      return "\(error)"
    }
  }

  @Test func pointMovesAllTrafficAndRemembersTheVersionBefore() throws {
    let outcome = try live.point(to: "6")
    #expect(outcome.before == AliasState(version: "5"))
    #expect(alias?.version == "6")
    #expect(alias?.description == "Breeds [previous: 6←5]")
  }

  @Test func pointMakesAnAliasThatIsNotThere() throws {
    let blue = AliasOperations(
      functionName: "photo-classifier", alias: "blue", client: fixture.client)
    #expect(try blue.point(to: "6").before == nil)
    #expect(lambda.state.aliases["blue"]?.version == "6")
  }

  @Test func pointToWhereItIsWritesNothing() throws {
    #expect(try live.point(to: "5").isChanged == false)
    #expect(lambda.writes == [])
  }

  @Test(arguments: ["$LATEST", "blue", "77"])
  func pointTakesOnlyVersionsThatAreThere(version: String) {
    #expect(throws: (any Error).self) { try live.point(to: version) }
    #expect(lambda.writes == [])
  }

  @Test func shiftThenPromoteThenRollback() throws {
    _ = try live.shift(to: "6", weight: 0.1)
    #expect(alias?.weights == ["6": 0.1])
    #expect(alias?.description == "Breeds")
    _ = try live.promote()
    #expect(alias?.version == "6")
    #expect(alias?.weights == [:])
    _ = try live.rollback()
    #expect(alias?.version == "5")
    #expect(alias?.description == "Breeds [rolled back: 5←6]")
  }

  @Test func secondRollbackIsDoneAlready() throws {
    _ = try live.point(to: "6")
    _ = try live.rollback()
    let again = try live.rollback()
    #expect(again.isChanged == false)
    #expect(again.after == AliasState(version: "5"))
  }

  @Test func rollbackToAVersionIsTakenAtItsWord() throws {
    #expect(try live.rollback(to: "4").after == AliasState(version: "4"))
    #expect(try live.rollback(to: "4").isChanged == false)
    #expect(alias?.description == "Breeds [rolled back: 4←5]")
  }

  @Test func rollbackAfterAnotherToolMovedTheAliasIsRefused() throws {
    _ = try live.point(to: "6")
    lambda.change { $0.aliases["live"]?.version = "4" }
    let text = refusal { try live.rollback() }
    #expect(
      text.contains("is at version 4, but the last recorded move is from version 5 to version 6"))
    #expect(text.contains("alias rollback --to VERSION"))
    #expect(alias?.version == "4")
  }

  @Test func rollbackWithoutTheTargetOfTheLastMoveIsRefused() {
    lambda.change { $0.aliases["live"]?.description = "[previous: 4]" }
    #expect(refusal { try live.rollback() }.contains("an older program recorded version 4"))
  }

  @Test func rollbackDuringACanaryThatIsPromotedMeanwhileLandsOnTheOldVersion() throws {
    _ = try live.shift(to: "6", weight: 0.1)
    lambda.change {
      $0.interference = [
        .init(before: "UpdateAlias") {
          $0.aliases["live"] = .init("6", description: "Breeds [previous: 6←5]")
          $0.aliases["live"]?.revision = "promoted"
        }
      ]
    }
    #expect(try live.rollback().after == AliasState(version: "5"))
    #expect(alias?.version == "5")
  }

  @Test func secondOperatorsRollbackAfterACanaryEndedDoesNotGoFurtherBack() throws {
    lambda.change { $0.aliases["live"]?.description = "[previous: 5←4]" }
    _ = try live.shift(to: "6", weight: 0.1)
    _ = try live.rollback()
    #expect(try live.rollback().isChanged == false)
    _ = try live.shift(to: "6", weight: 0.1)
    _ = try live.shift(to: "6", weight: 0)
    #expect(try live.rollback().isChanged == false)
    #expect(alias?.version == "5")
  }

  @Test(arguments: ["point", "shift", "promote", "rollback"])
  func codeThatFailedGetsNoTrafficWithoutForce(command: String) throws {
    lambda.change {
      $0.aliases["live"]?.description = "[previous: 5←6; failed: code-6]"
      if command == "promote" { $0.aliases["live"]?.weights = ["6": 0.1] }
    }
    func run(force: Bool) throws -> AliasOperations.Outcome {
      let live = AliasOperations(
        functionName: "photo-classifier", alias: "live", client: fixture.client, force: force)
      switch command {
      case "point": return try live.point(to: "6")
      case "shift": return try live.shift(to: "6", weight: 0.1)
      case "promote": return try live.promote()
      default: return try live.rollback()
      }
    }
    #expect(refusal { try run(force: false) }.contains("add --force"))
    #expect(lambda.writes == [])
    #expect(try run(force: true).isChanged)
  }

  private static let conflict = ScriptedServer.Answer(
    409, [("x-amzn-ErrorType", "ResourceConflictException")], body: "{}")

  @Test func operationInProgressIsWaitedFor() throws {
    lambda.change { $0.faults["UpdateAlias"] = [Self.conflict, Self.conflict] }
    _ = try live.point(to: "6")
    #expect(alias?.version == "6")
  }

  @Test func operationThatDoesNotEndIsWaitedForOnce() {
    lambda.change { $0.faults["UpdateAlias"] = Array(repeating: Self.conflict, count: 1000) }
    #expect(refusal { try live.point(to: "6") }.contains("in progress for 300 s"))
    #expect(fixture.sleeps.all.reduce(0, +) == 300_000)
  }

  @Test func readThatIsOlderThanTheLastWriteIsReadAgain() throws {
    let alias =
      #"{"Name":"live","FunctionVersion":"5","Description":"Breeds","RevisionId":"revision-1"}"#
    lambda.change {
      $0.aliases["live"]?.revision = "permission"
      $0.faults["GetAlias"] = [.init(200, body: alias), .init(200, body: alias)]
    }
    _ = try live.point(to: "6")
    #expect(self.alias?.version == "6")
  }

  @Test func rollbackOfAShareTakesItAway() throws {
    _ = try live.shift(to: "6", weight: 0.1)
    _ = try live.rollback()
    #expect(alias?.version == "5")
    #expect(alias?.weights == [:])
  }

  @Test func shiftToZeroTakesTheShareAway() throws {
    _ = try live.shift(to: "6", weight: 0.1)
    _ = try live.shift(to: "6", weight: 0)
    #expect(alias?.weights == [:])
  }

  @Test func rollbackWithoutMemoryIsRefused() {
    #expect(
      refusal { try live.rollback() }.contains(
        "is at version 5, but no version before it is recorded"))
  }

  @Test func rollbackToADeletedVersionIsRefused() {
    lambda.change { $0.aliases["live"]?.description = "[previous: 5←3]" }
    #expect(refusal { try live.rollback() }.contains("ResourceNotFoundException"))
    #expect(alias?.version == "5")
  }

  @Test func promoteWithoutShareIsRefused() {
    #expect(refusal(live.promote).contains("nothing to promote"))
  }

  @Test func shareOfAThirdVersionIsRefused() throws {
    _ = try live.shift(to: "6", weight: 0.1)
    #expect(
      refusal { try live.shift(to: "4", weight: 0.1) }.contains(
        "splits traffic between two versions only"))
  }

  @Test func provisionedAliasTakesNoWeights() {
    lambda.change { $0.provisioned["live"] = .init(3) }
    #expect(
      refusal { try live.shift(to: "6", weight: 0.1) }.contains(
        "accepts no weights on such an alias")
    )
    #expect(lambda.writes == [])
  }

  @Test func provisionedAliasIsNotPointedToAProvisionedVersion() {
    lambda.change {
      $0.provisioned["live"] = .init(3)
      $0.provisioned["6"] = .init(3)
    }
    #expect(refusal { try live.point(to: "6") }.contains("can have it once"))
    #expect(lambda.writes == [])
  }

  @Test func lambdasOwnWeightsAreNotPromoted() throws {
    lambda.change { $0.provisioned["live"] = .init(3) }
    _ = try live.point(to: "6")
    #expect(alias?.weights == ["5": 1])
    #expect(refusal(live.promote).contains("Lambda set these weights itself"))
  }

  @Test func versionThatStartsColdAfterAWarmOneIsReported() throws {
    lambda.change { $0.provisioned["5"] = .init(3) }
    #expect(try live.shift(to: "6", weight: 0.1).coldVersion == "6")
    lambda.change { $0.provisioned["6"] = .init(3) }
    #expect(try live.promote().coldVersion == nil)
  }

  // MARK: 412

  @Test func staleRevisionIsTriedOnceMoreWhenTheTrafficGoesWhereItWent() throws {
    lambda.change {
      $0.interference = [
        .init(before: "UpdateAlias") {
          $0.aliases["live"]?.description = "their text"
          $0.aliases["live"]?.revision = "theirs"
        }
      ]
    }
    _ = try live.point(to: "6")
    #expect(alias?.version == "6")
    #expect(alias?.description == "their text [previous: 6←5]")
    #expect(lambda.calls.filter { $0.operation == "UpdateAlias" }.map(\.status) == [412, 200])
  }

  @Test func staleRevisionIsRefusedWhenTheTrafficWasMoved() {
    lambda.change {
      $0.interference = [
        .init(before: "UpdateAlias") {
          $0.aliases["live"]?.version = "4"
          $0.aliases["live"]?.revision = "theirs"
        }
      ]
    }
    #expect(
      refusal { try live.point(to: "6") }.contains("was at version 5, now it is at version 4"))
    #expect(alias?.version == "4")
  }

  @Test func revisionThatIsStaleEachTimeIsRefusedInTheEnd() {
    lambda.change {
      $0.faults["UpdateAlias"] = Array(
        repeating: .init(412, [("x-amzn-ErrorType", "PreconditionFailedException")], body: "{}"),
        count: 100)
    }
    #expect(refusal { try live.point(to: "6") }.contains("is being changed by another operator"))
    #expect(alias?.version == "5")
  }

  @Test func ownEffectAfterALostAnswerCountsAsDone() throws {
    lambda.change {
      $0.interference = [
        .init(before: "UpdateAlias") {
          $0.aliases["live"] = .init("6", description: "Breeds [previous: 6←5]")
          $0.aliases["live"]?.revision = "ours"
        }
      ]
    }
    #expect(try live.point(to: "6").after == AliasState(version: "6"))
    #expect(lambda.calls.filter { $0.operation == "UpdateAlias" }.count == 1)
  }

  @Test func everyUpdateCarriesTheRevisionThatWasRead() throws {
    _ = try live.shift(to: "6", weight: 0.1)
    let update = try #require(lambda.calls.first { $0.operation == "UpdateAlias" })
    #expect(update.body["RevisionId"] == "revision-1")
  }

  @Test(arguments: ["5", "6"])
  func rollbackRestoresTheEnvironmentsThatAKilledOneRemoved(version: String) throws {
    lambda.change {
      $0.aliases["live"] = .init(version, description: "[previous: 6←5; deprovisioned: 3]")
    }
    let outcome = try live.rollback(to: "5")
    #expect(outcome.restored == 3)
    #expect(alias?.version == "5")
    #expect(alias?.description.contains("deprovisioned") == false)
    #expect(lambda.state.provisioned["live"]?.requested == 3)
    #expect(try live.rollback(to: "5").restored == nil)
  }

  @Test func environmentsAreNotRestoredWhileTheAliasHasWeights() throws {
    lambda.change {
      $0.aliases["live"] = .init(
        "5", weights: ["6": 0.1], description: "[previous: 5←4; deprovisioned: 3]")
    }
    #expect(try live.shift(to: "6", weight: 0.2).restored == nil)
    #expect(alias?.description == "[previous: 5←4; deprovisioned: 3]")
    #expect(try live.rollback().restored == 3)
  }

  @Test func rollbackWhoseEnvironmentsCannotBeRestoredPrintsWhereTheTrafficIs() throws {
    lambda.change {
      $0.aliases["live"] = .init("6", description: "[previous: 6←5; deprovisioned: 3]")
      $0.faults["PutProvisionedConcurrencyConfig"] = [
        .init(400, [("x-amzn-ErrorType", "InvalidParameterValueException")], body: "{}")
      ]
    }
    let text = refusal { try live.rollback() }
    #expect(text.contains("Alias live is at version 5, but the 3 provisioned environments"))
    #expect(text.contains("concurrency provision 3 --qualifier live"))
    #expect(alias?.description == "[rolled back: 5←6; deprovisioned: 3]")
  }
}
