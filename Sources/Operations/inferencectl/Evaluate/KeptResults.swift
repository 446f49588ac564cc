import AWSControl
import Evaluation

/// Evaluates the documents that the function stored.
struct KeptResults {
  let truth: TruthOptions
  let session: Session

  func evaluate(_ location: S3Location) throws -> Evaluated {
    throw Refusal("--results \(location) needs the module Results")
  }
}
