import AWSClient

extension ControlClient {
  /// Reads something useful but not required: a missing permission or a failing service must not
  /// stop the rest.
  ///
  /// - Parameters:
  ///   - what: for the note, for example `Utilization`.
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
