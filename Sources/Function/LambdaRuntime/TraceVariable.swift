import Glibc

/// `_X_AMZN_TRACE_ID` in the process's environment, where the X-Ray SDKs look up the trace of the
/// current invocation. Create only one instance, and do not change the variable elsewhere.
///
/// Not set with `setenv`: glibc keeps every value that a variable ever had, about a hundred bytes
/// per invocation. `putenv` uses the memory passed to it.
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
