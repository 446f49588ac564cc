import AWSClient

extension ControlClient {
  /// Reads something that is good to know but not needed: somebody who may not read it, or a service that
  /// fails, must not keep the rest from being done.
  ///
  /// - Parameters:
  ///   - what: for the note, as `utilisation`.
  ///   - notes: gets a line when AWS refuses.
  /// - Returns: nil when AWS refuses.
  /// - Throws: all but `AWSError`.
  package func attempt<Value>(
    _ what: String, notes: inout [String], _ read: () throws -> Value
  ) throws -> Value? {
    do {
      return try read()
    } catch let error as AWSError {
      notes.append("\(what) could not be read: \(error)")
      return nil
    }
  }
}
