import Testing

@testable import benchmark

struct BaselineTests {
  @Test func equalResultsHaveNoFindings() {
    #expect(Baseline(results()).findings(in: results()) == [])
  }

  @Test func ratioWorseByLessThanAQuarterIsAccepted() {
    #expect(Baseline(results()).findings(in: results(ourCPU: 124)) == [])
  }

  @Test func ratioWorseByMoreThanAQuarterIsFound() {
    let findings = Baseline(results()).findings(in: results(ourCPU: 126))
    #expect(findings == ["cpu, function : C floor + hashes was 1.00 and is 1.26"])
  }

  @Test func slowerMachineIsNoFinding() {
    #expect(Baseline(results()).findings(in: results(ourCPU: 300, theirCPU: 300)) == [])
  }

  @Test func improvementIsNoFinding() {
    #expect(Baseline(results()).findings(in: results(ourCPU: 10)) == [])
  }

  @Test func measureThatIsGoneIsFound() {
    let without = Results(date: "2026-11-22", machine: machine, values: [])
    #expect(
      Baseline(results()).findings(in: without) == [
        "cpu, function : C floor + hashes was 1.00 and was not measured"
      ])
  }

  @Test func valueThatIsNoNumberIsFound() {
    #expect(Baseline(results()).findings(in: results(ourCPU: .nan)).count == 1)
  }

  @Test func anotherBuildBesideTheFunctionIsNotHeldAgainstAnything() {
    let before = results(theirName: "old build")
    #expect(Baseline(before).findings(in: results(ourCPU: 500, theirName: "old build")) == [])
  }
}
