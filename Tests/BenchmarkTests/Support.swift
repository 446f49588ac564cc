@testable import benchmark

let machine = Machine(
  processor: "a processor", processors: 2, memoryMiB: 1_024, system: "a system", kernel: "6.1",
  commit: "abc1234", load: 0.5)

/// One measure of the function and of one other, each measured once.
func results(
  ourCPU: Double = 100, theirCPU: Double = 100, theirName: String = Contender.hashingFloor
) -> Results {
  Results(
    date: "2026-11-22", machine: machine,
    values: [
      .init(measure: .cpu, contender: Contender.function, spread: Spread([ourCPU])),
      .init(measure: .cpu, contender: theirName, spread: Spread([theirCPU])),
    ])
}
