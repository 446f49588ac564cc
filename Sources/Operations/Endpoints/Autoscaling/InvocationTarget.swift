import AWSControl

/// The target of `SageMakerVariantInvocationsPerInstance`: invocations a minute for each instance.
///
/// Source: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-loadtest.html
package struct InvocationTarget: Sendable, Equatable {
  /// Invocations a minute for each instance.
  package let invocationsPerMinute: Double
  /// How the target was calculated, as text.
  package let explanation: String

  /// A target given as such.
  ///
  /// - Throws: `Refusal` for 0 and less.
  package init(invocationsPerInstance: Double) throws(Refusal) {
    guard invocationsPerInstance > 0, invocationsPerInstance.isFinite else {
      throw Refusal("Invocations per instance must be more than 0")
    }
    invocationsPerMinute = invocationsPerInstance
    explanation = "\(Self.text(invocationsPerInstance)) invocations a minute per instance"
  }

  /// From a load test: the most requests a second of one instance, times a factor that leaves room
  /// until another one has started, times 60.
  ///
  /// - Parameter safetyFactor: more than 0, at most 1; 0.5 to begin with.
  /// - Throws: `Refusal` for numbers outside.
  package init(maximumRequestsPerSecond: Double, safetyFactor: Double = 0.5) throws(Refusal) {
    guard maximumRequestsPerSecond > 0, maximumRequestsPerSecond.isFinite else {
      throw Refusal("The requests per second of one instance must be more than 0")
    }
    guard safetyFactor > 0, safetyFactor <= 1 else {
      throw Refusal("The safety factor is \(safetyFactor) and must be more than 0 and at most 1")
    }
    // Rounded, because 7.3 * 0.1 * 60 is 43.800000000000004.
    invocationsPerMinute = (maximumRequestsPerSecond * safetyFactor * 60 * 1000).rounded() / 1000
    explanation =
      "\(Self.text(maximumRequestsPerSecond)) requests/s x \(Self.text(safetyFactor)) x 60 s = "
      + "\(Self.text(invocationsPerMinute)) invocations a minute per instance"
    guard invocationsPerMinute > 0 else {
      throw Refusal("\(explanation): less than one in 1,000 minutes")
    }
  }

  private static func text(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
  }
}
