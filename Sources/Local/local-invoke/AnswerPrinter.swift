import Foundation
import JSON
import Platform

/// Prints the answers of a replay in the chosen form.
struct AnswerPrinter {
  let output: InputOptions.Output
  let console: Console

  /// - Returns: the exit status of this invocation.
  func show(_ invocation: HostedInvocation, to event: [UInt8]) -> Int32 {
    let answer = Answer(invocation.outcome, to: event)
    let written: Int32
    switch output {
    case .json:
      written = console.answer(answer.payload)
      explain(answer)
    case .text: written = console.answer(Array(text(answer, event).utf8))
    }
    return max(answer.exitStatus, written)
  }

  /// How the answer is to be understood, on standard error.
  func explain(_ answer: Answer) {
    for text in answer.notes + BarChart.charts(of: answer.payload) { console.note(text) }
  }

  private func text(_ answer: Answer, _ event: [UInt8]) -> String {
    let lines =
      (answer.failure.map { ["Error: \($0)"] } ?? []) + answer.notes
      + BarChart.charts(of: answer.payload) + BarChart.acceptances(of: answer.payload)
    if !lines.isEmpty { return lines.joined(separator: "\n") }
    // An SQS response lists only failures.
    let messages = (try? JSONValue(parsing: event))?["Records"]?.arrayValue?.count ?? 0
    return answer.isQueueResponse
      ? "Processed, so SQS deletes: \(messages) message\(messages == 1 ? "" : "s"). The log has the classes."
      : "The function succeeded: the event contains no image to classify."
  }
}
