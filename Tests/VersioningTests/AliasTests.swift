import AWSClient
import AWSControl
import OperationsSupport
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
    #expect(alias?.description == "Breeds [previous: 5]")
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
    #expect(alias?.description == "Breeds [previous: 6]")
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
    #expect(refusal(live.rollback).contains("records no version before 5"))
  }

  @Test func rollbackToADeletedVersionIsRefused() {
    lambda.change { $0.aliases["live"]?.description = "[previous: 3]" }
    #expect(refusal(live.rollback).contains("ResourceNotFoundException"))
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
    #expect(alias?.description == "their text [previous: 5]")
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

  @Test func staleRevisionTwiceIsRefused() {
    let theirs: @Sendable (inout ScriptedLambda.State) -> Void = {
      $0.aliases["live"]?.revision += "+"
    }
    lambda.change {
      $0.interference = [.init(before: "UpdateAlias", theirs)]
      $0.interference.append(
        .init(before: "UpdateAlias") { state in
          theirs(&state)
          state.interference.append(.init(before: "UpdateAlias", theirs))
        })
    }
    #expect(refusal { try live.point(to: "6") }.contains("stale twice"))
    #expect(alias?.version == "5")
  }

  @Test func ownEffectAfterALostAnswerCountsAsDone() throws {
    lambda.change {
      $0.interference = [
        .init(before: "UpdateAlias") {
          $0.aliases["live"] = .init("6", description: "Breeds [previous: 5]")
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
}
