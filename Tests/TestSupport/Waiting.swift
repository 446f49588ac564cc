import Foundation

/// Polls every 10 ms until a condition holds, such as a file that exists or a line that is logged.
///
/// The limit only prevents a failing test from hanging.
/// - Returns: false when the condition does not hold within the limit.
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
