// Endpoint replies: refused, or probabilities in 0…1 whose sum is 1.
@testable import ImageClassification

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  guard let values = try? EndpointReply.values(bytes) else { return 0 }
  precondition(!values.isEmpty)
  for output in ModelOutput.allCases {
    guard let probabilities = try? output.probabilities(from: values) else { continue }
    precondition(probabilities.count == values.count)
    precondition(probabilities.allSatisfy { (0...1).contains($0) })
    precondition(abs(probabilities.reduce(0, +) - 1) < 1e-9)
    let labels = values.indices.map(String.init)
    precondition(
      Classification.rank(labels: labels, probabilities: probabilities).count == values.count)
  }
  return 0
}
