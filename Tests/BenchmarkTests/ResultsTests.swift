import Foundation
import TestSupport
import Testing

@testable import benchmark

struct ResultsTests {
  @Test func medianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
    let spread = Spread([4, 1, 10, 2])
    #expect(spread.median == 3)
    #expect(spread.minimum == 1)
    #expect(spread.maximum == 10)
  }

  @Test func medianOfAnOddNumberIsTheMiddleOne() {
    #expect(Spread([9, 1, 5]).median == 5)
  }

  @Test func resultsSurviveTheirFile() throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("benchmark-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try results().write(to: file.path)
    #expect(try Results(contentsOf: file.path) == results())
  }

  @Test func fileThatHoldsSomethingElseIsNamed() {
    let error = #expect(throws: BenchmarkFailure.self) {
      try Results(contentsOf: "/nonexistent.json")
    }
    #expect(error?.message.hasPrefix("/nonexistent.json holds no results") == true)
  }

  @Test func ratioIsOursOfTheirs() {
    let ratios = results(ourCPU: 130, theirCPU: 100).ratios
    #expect(
      ratios == [Ratio(measure: .cpu, contender: Contender.hashingFloor, value: 1.3)])
  }

  @Test func targetAtItsLimitIsHeldAndAboveItMissed() {
    #expect(target(ourCPU: 120)?.isHeld == true)
    #expect(
      target(ourCPU: 121)?.line.hasPrefix(
        "MISSED: CPU time of an invocation, 100 KB image, of C floor + hashes's: 1.21, at most 1.20 ("
      ) == true)
  }

  @Test func whatWasNotMeasuredIsMissed() {
    let lines = Target.all(of: results()).filter { $0.value == nil }.map(\.line)
    #expect(!lines.isEmpty)
    #expect(lines.allSatisfy { $0.hasPrefix("MISSED") })
  }

  @Test func everyTargetNamesTheMachinesOnWhichItWasMeasured() {
    let targets = Target.all(of: results())
    #expect(targets.allSatisfy { $0.found.contains("AMD EPYC") })
    #expect(targets.allSatisfy { $0.line.hasSuffix("(\($0.found))") })
  }

  @Test func ratioOfMinimaIgnoresWhatDisturbedARound() {
    let values = [Contender.function: [110.0, 900], Contender.floor: [100, 120]].map {
      Results.Value(measure: .firstNext, contender: $0, spread: Spread($1))
    }
    let results = Results(date: "2026-11-22", machine: machine, values: values)
    #expect(results.ratioOfMinima(.firstNext, Contender.floor) == 1.1)
    #expect(results.ratioOfMinima(.firstNext, Contender.python) == nil)
  }

  private func target(ourCPU: Double) -> Target? {
    Target.all(of: results(ourCPU: ourCPU)).first { $0.limit == 1.2 }
  }

  @Test func numbersAreWrittenInTheUnitThatFits() {
    #expect(Format.value(4_321, .microseconds) == "4.32 ms")
    #expect(Format.value(203.4, .microseconds) == "203 µs")
    #expect(Format.value(9_318, .kibibytes) == "9.10 MiB")
    #expect(Format.value(4_068_573, .bytes) == "4.07 MB")
    #expect(Format.value(16, .count) == "16")
    #expect(Format.value(550_123, .count) == "550 k")
    #expect(Format.spread(Spread([1_210, 1_360, 1_400]), .microseconds) == "1.21 ms / 1.36 ms")
    #expect(Format.spread(Spread([16]), .count) == "16")
    #expect(Format.ratio(1 / 205) == "1/205")
    #expect(Format.ratio(1.266) == "1.27")
  }

  @Test func tableHasARowAMeasureAndTheMachine() {
    let table = Table(results(ourCPU: 130, theirCPU: 100))
    #expect(table.markdown.contains("|  | function | C floor + hashes |\n| --- | ---: | ---: |\n"))
    #expect(table.markdown.contains("| its CPU time | 130 µs | 100 µs (1.30) |\n"))
    #expect(table.markdown.contains("2 cores of a processor, a system, Linux 6.1, commit abc1234"))
    #expect(table.text.hasSuffix("0 targets held, 14 missed\n"))
  }
}

struct AnswerTests {
  private func answer(_ probabilities: [Double], status: Int = 200) -> [UInt8] {
    let list = probabilities.map { #"{\"probability\":\#($0)}"# }.joined(separator: ",")
    return Array(
      #"{"statusCode":\#(status),"body":"{\"results\":[{\"probabilities\":[\#(list)]}]}"}"#.utf8)
  }

  @Test func rightProbabilitiesAreAccepted() {
    #expect(throws: Never.self) {
      try Verification.checkAnswer(answer(Verification.probabilities))
    }
  }

  @Test(arguments: [0, 1]) func wrongProbabilitiesAreRefused(index: Int) {
    var probabilities = Verification.probabilities
    probabilities[index] += 0.001
    #expect(throws: BenchmarkFailure.self) {
      try Verification.checkAnswer(answer(probabilities))
    }
  }

  @Test func missingClassIsRefused() {
    #expect(throws: BenchmarkFailure.self) {
      try Verification.checkAnswer(answer(Verification.probabilities.dropLast()))
    }
  }

  @Test func errorIsRefused() {
    #expect(throws: BenchmarkFailure.self) {
      try Verification.checkAnswer(answer(Verification.probabilities, status: 502))
    }
  }

  @Test func answerWithoutAShapeIsRefused() {
    #expect(throws: BenchmarkFailure.self) { try Verification.checkAnswer(Array("{}".utf8)) }
  }
}
