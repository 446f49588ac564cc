import AWSClient
import Credentials
import Foundation
import HTTPClient
import LoopbackServer
import Platform

/// Whose account `--aws` uses: STS GetCallerIdentity, which needs no permission and costs nothing; without an answer
/// the end of the access key's ID.
///
/// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
final class AccountIdentity: @unchecked Sendable {
  private static let limitMilliseconds: Int64 = 5_000

  private let condition = NSCondition()
  private var resolved: String?

  /// Asks in the background.
  /// - Parameter environment: the caller's, with keys and region.
  init(environment: Environment) {
    Thread { [self] in
      let text = (try? Self.ask(environment)) ?? Self.keyText(environment)
      condition.withLock {
        resolved = text
        condition.broadcast()
      }
    }.start()
  }

  /// Waits until it is known, a few seconds at most.
  var text: String {
    condition.lock()
    defer { condition.unlock() }
    while resolved == nil { condition.wait() }
    return resolved ?? ""
  }

  private static func keyText(_ environment: Environment) -> String {
    "Access key …\((environment["AWS_ACCESS_KEY_ID"] ?? "").suffix(4)), account unknown"
  }

  private static func ask(_ environment: Environment) throws -> String? {
    let configuration = try AWSConfiguration(environment: environment)
    let client = AWSClient(
      configuration: configuration,
      http: try HTTPClient(
        trust: TrustStore(environment: environment),
        proxy: ProxyConfiguration(environment: environment)),
      policy: .function(maximumAttempts: 1))
    var request = AWSRequest(
      service: .sts, operation: "GetCallerIdentity", method: "POST", path: "/",
      maximumResponseBytes: 65_536, accessAdvice: "")
    request.headers = [
      HTTPHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
    ]
    request.body = Array("Action=GetCallerIdentity&Version=2011-06-15".utf8)
    let context = CallContext(
      credentials: try .init(environment: environment),
      deadline: Deadline(unixMilliseconds: Clock.system.unixMilliseconds() + limitMilliseconds),
      traceID: nil, log: Log(environment: Environment([:]), write: { _ in }))
    let body = try client.send(request, in: context).body
    guard let account = XMLText.element("Account", in: body),
      let arn = XMLText.element("Arn", in: body)
    else { return nil }
    // arn:aws:sts::123456789012:assumed-role/NAME/SESSION
    let name = arn.split(separator: ":", maxSplits: 5).last.map(String.init) ?? arn
    return "Account \(account), \(name)"
  }
}
