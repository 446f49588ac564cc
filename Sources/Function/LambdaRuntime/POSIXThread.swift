import Glibc

/// Starts a detached POSIX thread, because Foundation and Dispatch are not in the zip.
///
/// - Throws: `InvocationError` when the system cannot create another thread.
func startThread(_ body: @escaping @Sendable () -> Void) throws(InvocationError) {
  final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  let context = unsafe Unmanaged.passRetained(Box(body)).toOpaque()
  var thread = pthread_t()
  let code = unsafe pthread_create(
    &thread, nil,
    { context in
      if let context = unsafe context {
        unsafe Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body()
      }
      return nil
    }, context)
  guard code == 0 else {
    unsafe Unmanaged<Box>.fromOpaque(context).release()
    throw InvocationError(
      errorType: "Runtime.ThreadUnavailable",
      message: "a thread cannot be started: \(unsafe String(cString: strerror(code)))")
  }
  // Detached: the process ends as a whole, without waiting for threads.
  pthread_detach(thread)
}
