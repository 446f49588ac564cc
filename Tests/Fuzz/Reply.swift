// Endpoint replies: refused, or probabilities in 0…1, and of logits with a sum of 1.
import Platform

@testable import ImageClassification

private let contentTypes = [
  "text/csv", "application/json", "application/x-npy",
  "application/vnd.sagemaker-triton.binary+json;json-header-size=94",
]
private let pointers: [[String: String]] = [
  [:], ["REPLY_VALUES": "/outputs/0/data"],
  ["REPLY_VALUES": "/*/score", "REPLY_LABELS": "/*/label"],
]
/// Every combination of pointers and settings, made once.
private let settings: [(rules: ReplyRules, output: ModelOutput)] = pointers.flatMap { pointer in
  ModelOutput.allCases.map { output in
    let environment = Environment(pointer.merging(["MAX_CLASSES": "300"]) { $1 })
    guard let rules = try? ReplyRules(environment: environment, output) else {
      preconditionFailure("the pointers are well formed")
    }
    return (rules, output)
  }
}
private let labels: ClassLabels = {
  do {
    return try ClassLabels(environment: Environment([:]))
  } catch {
    preconditionFailure("the built-in labels: \(error)")
  }
}()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  // The same bytes as each type: which one they are stands in a header, not in the reply.
  for contentType in contentTypes {
    for (rules, output) in settings { check(bytes, contentType, rules, output) }
  }
  return 0
}

private func check(
  _ bytes: [UInt8], _ contentType: String, _ rules: ReplyRules, _ output: ModelOutput
) {
  do throws(ReplyError) {
    let reply = try ReplyReader.read(bytes, contentType: contentType, rules: rules)
    precondition((1...300).contains(reply.numbers.values.count))
    let interpretation = try output.interpret(reply)
    let probabilities = interpretation.probabilities
    precondition(probabilities.allSatisfy { (0...1).contains($0) })
    if output == .logits { precondition(abs(probabilities.reduce(0, +) - 1) < 1e-9) }
    let names = try labels.names(for: reply, interpretation)
    let ranking = Ranking.highest(probabilities, limit: 5)
    precondition(ranking.count == min(5, probabilities.count))
    for entry in ranking { _ = names[entry.index].utf8.count }
  } catch {
    precondition(error.message.utf8.count < 4_096)
  }
}
