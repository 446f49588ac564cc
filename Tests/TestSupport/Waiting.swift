import Foundation

/// Looks every 10 ms whether something has happened that nobody reports: a file is there, a line is logged.
///
/// The limit only keeps a failing test from hanging.
/// - Returns: false when it has not happened within the limit.
package func waitUntil(timeoutSeconds: Double = 60, _ hasHappened: () throws -> Bool) rethrows
  -> Bool
{
  let limit = Date(timeIntervalSinceNow: timeoutSeconds)
  while try !hasHappened() {
    if Date() > limit { return false }
    usleep(10_000)
  }
  return true
}
