import Glibc

/// `_X_AMZN_TRACE_ID` in the process's environment, where the X-Ray SDKs look for the trace of the
/// current invocation. Only one may exist, and nobody else may change the variable.
///
/// Not by `setenv`: glibc keeps every value that a variable ever had, some hundred bytes for each
/// invocation. `putenv` uses the memory it is given.
@safe final class TraceVariable {
  private static let name = "_X_AMZN_TRACE_ID"
  private var memory: UnsafeMutablePointer<CChar>?

  /// Sets the variable; nil removes it.
  func set(_ traceID: String?) {
    let old = unsafe memory
    if let traceID, let new = unsafe strdup("\(Self.name)=\(traceID)") {
      unsafe putenv(new)
      unsafe memory = new
    } else {
      unsafe unsetenv(Self.name)
      unsafe memory = nil
    }
    unsafe free(old)
  }

  deinit { set(nil) }
}

@available(*, unavailable)
extension TraceVariable: Sendable {}
