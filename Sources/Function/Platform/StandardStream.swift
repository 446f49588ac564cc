import Glibc

/// Standard output and standard error, written to with `write(2)`.
public enum StandardStream: Int32, Sendable {
  case output = 1
  case error = 2

  /// Writes all bytes, with as few system calls as it takes; waits while a pipe that does not block
  /// is full.
  ///
  /// A closed pipe is an error only where SIGPIPE does not end the process first: see
  /// `surviveClosedStreams`.
  public func write(_ bytes: [UInt8]) throws(WriteFailure) {
    let code = unsafe bytes.withUnsafeBytes { unsafe Self.write($0, to: rawValue) }
    if code != 0 { throw WriteFailure(code: code) }
  }

  /// - Returns: 0, or the system's error number.
  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var rest = unsafe bytes[...]
    while let start = unsafe UnsafeRawBufferPointer(rebasing: rest).baseAddress,
      unsafe !rest.isEmpty
    {
      let count = unsafe Glibc.write(descriptor, start, rest.count)
      if count >= 0 {
        unsafe rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&entry, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }

  /// Makes a closed pipe, and a stream that was closed before the program started, an error of
  /// `write` and nothing else. Called first in `main`.
  public static func surviveClosedStreams() {
    // A handler and not SIG_IGN, which the programs started from here would inherit.
    _ = signal(SIGPIPE) { _ in }
    // Else the next file or socket would get the number, and what is printed would go into it.
    for descriptor in 0...2 where fcntl(Int32(descriptor), F_GETFD) < 0 {
      _ = unsafe open("/dev/null", O_RDONLY)
    }
  }
}

/// Why something could not be written, in the system's words: `No space left on device`.
public struct WriteFailure: Error, Equatable, CustomStringConvertible {
  /// `errno`.
  public let code: Int32

  public init(code: Int32) { self.code = code }

  public var description: String { unsafe String(cString: strerror(code)) }
}
