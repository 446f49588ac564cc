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
    #expect(target(ourCPU: 130)?.isHeld == true)
    #expect(
      target(ourCPU: 131)?.line
        == "MISSED: CPU time of an invocation, 100 KB image, of C floor + hashes's: 1.31, at most 1.30"
    )
  }

  @Test func whatWasNotMeasuredIsMissed() {
    let lines = Target.all(of: results()).filter { $0.value == nil }.map(\.line)
    #expect(!lines.isEmpty)
    #expect(lines.allSatisfy { $0.hasPrefix("MISSED") })
  }

  private func target(ourCPU: Double) -> Target? {
    Target.all(of: results(ourCPU: ourCPU)).first { $0.limit == 1.3 }
  }

  @Test func numbersAreWrittenInTheUnitThatFits() {
    #expect(Format.value(4_321, .microseconds) == "4.32 ms")
    #expect(Format.value(203.4, .microseconds) == "203 µs")
    #expect(Format.value(9_318, .kibibytes) == "9.10 MiB")
    #expect(Format.value(4_068_573, .bytes) == "4.07 MB")
    #expect(Format.ratio(1 / 205) == "1/205")
    #expect(Format.ratio(1.266) == "1.27")
  }

  @Test func tableHasARowAMeasureAndTheMachine() {
    let table = Table(results(ourCPU: 130, theirCPU: 100))
    #expect(table.markdown.contains("|  | function | C floor + hashes |\n| --- | ---: | ---: |\n"))
    #expect(table.markdown.contains("| its CPU time | 130 µs | 100 µs (1.30) |\n"))
    #expect(table.markdown.contains("2 cores of a processor, a system, Linux 6.1, commit abc1234"))
    #expect(table.text.hasSuffix("1 targets held, 7 missed\n"))
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
