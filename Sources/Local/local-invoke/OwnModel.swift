import Foundation
import LocalAWS

/// The model of `--container` or `--model`, ready to be asked.
struct OwnModel {
  let container: ContainerProxy
  /// Ends the endpoint's error messages.
  let note: String
  /// A file of class names that came with the model.
  let labels: String?
  /// Whether it is a model of this project's training, which returns logits (docs/training.md).
  let returnsLogits: Bool

  /// Nil for the built-in model.
  ///
  /// - Throws: `RunError` if the container or the model is not ready.
  init?(
    _ options: ServiceOptions, _ caller: Caller, _ cleanUp: CleanUp, _ note: (String) -> Void
  ) throws {
    if let url = options.container {
      container = ContainerProxy(url: url)
      if let problem = container.problem() { throw RunError("\(problem).") }
      self.note = "See the output of the container at \(url)."
      labels = nil
      returnsLogits = false
    } else if let path = options.model {
      note("Starting the model in SageMaker's serving code for PyTorch …")
      let folder = try LocalServices.temporaryFolder(cleanUp)
      let server = try ModelServer(path, folder: folder, caller)
      cleanUp.add { server.stop() }
      try server.waitUntilReady()
      container = ContainerProxy(url: server.baseURL)
      self.note = "See \(server.log) while local-invoke runs."
      labels = server.labels
      returnsLogits = server.isOfThisProject
    } else {
      return nil
    }
  }
}
