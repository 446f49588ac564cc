import Foundation

/// Cores and memory of this machine, for the size of trials and their number at a time.
package struct LocalMachine: Sendable, Equatable {
  package let cores: Int
  /// What is free now.
  package let availableGigabytes: Double
  /// Photographs of a step that fit in its memory; nil is not bounded.
  package let batchLimit: Int?

  private let megabytesPerImage: Double
  /// Python, torch, the network, and the optimizer's state.
  private static let processGigabytes = 1.2

  package static func current(
    _ values: Hyperparameters
  ) throws(TrainingError) -> LocalMachine {
    try LocalMachine(
      values, cores: ProcessInfo.processInfo.activeProcessorCount,
      memoryGigabytes: Double(ProcessInfo.processInfo.physicalMemory) / 1e9,
      availableGigabytes: kernelsEstimate())
  }

  /// - Parameter memoryGigabytes: of the machine, which decides the range of a search and must not
  ///   change between its runs.
  package init(
    _ values: Hyperparameters, cores: Int, memoryGigabytes: Double,
    availableGigabytes: Double? = nil
  ) throws(TrainingError) {
    self.cores = cores
    self.availableGigabytes = availableGigabytes ?? memoryGigabytes
    let single = try BatchBound.megabytesPerImage(values)
    megabytesPerImage = single ?? 0
    batchLimit = single.map {
      max(2, Int((memoryGigabytes - Self.processGigabytes) * 1000 / $0))
    }
  }

  /// Trials at the same time: one for each core, as far as the memory suffices; on a GPU one.
  package func parallelTrials(upTo trials: Int, largestBatch: Int, device: String) -> Int {
    if device == "gpu" || (device == "auto" && LocalPython.machineHasGPU) { return 1 }
    let each = Self.processGigabytes + Double(largestBatch) * megabytesPerImage / 1000
    return max(1, min(cores, trials, Int(availableGigabytes / each)))
  }

  /// `MemAvailable` of the kernel: free memory, and what can be freed at once.
  private static func kernelsEstimate() -> Double? {
    guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") })
    else { return nil }
    return line.split(separator: " ").dropFirst().first.flatMap { Double($0) }.map {
      $0 * 1024 / 1e9
    }
  }
}
