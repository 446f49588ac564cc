// Endpoint replies: refused, or probabilities in 0…1 whose sum is 1.
@testable import ImageClassification

/// Called by libFuzzer with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  // The same bytes as CSV and as JSON, because a header states the format, not the reply.
  for contentType in ["text/csv", "application/json"] {
    if let reply = try? EndpointReply(bytes, contentType: contentType) { check(reply) }
  }
  return 0
}

private func check(_ reply: EndpointReply) {
  let values = reply.values
  precondition(!values.isEmpty)
  if let labels = reply.labels { precondition(labels.count == values.count) }
  for output in ModelOutput.allCases {
    guard let probabilities = try? output.probabilities(from: values) else { continue }
    precondition(probabilities.count == values.count)
    precondition(probabilities.allSatisfy { (0...1).contains($0) })
    precondition(abs(probabilities.reduce(0, +) - 1) < 1e-9)
    precondition(Classification.rank(probabilities).count == values.count)
  }
}
