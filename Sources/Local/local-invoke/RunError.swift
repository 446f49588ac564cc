/// Why the function was not invoked: a service, a container, or a model is not available.
struct RunError: Error, CustomStringConvertible {
  /// One or two sentences for a person.
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
