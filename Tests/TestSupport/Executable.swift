import Foundation

/// Writes a program that can be executed at once.
///
/// Another process writes it: while this one has a file open for writing, a test beside it may start a child, which
/// inherits the descriptor until it is another program, and until then the file cannot be executed (ETXTBSY).
package func writeExecutable(_ text: String, to path: String) throws {
  let writer = Process()
  writer.executableURL = URL(fileURLWithPath: "/bin/sh")
  writer.arguments = [
    "-c", #"printf '%s' "$1" >"$2" && chmod 755 "$2""#, "sh", text, path,
  ]
  try writer.run()
  writer.waitUntilExit()
  guard writer.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
}
