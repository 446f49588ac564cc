import AWSControl
import ArgumentParser
import Credentials
import Foundation
import JSON

struct IdentityCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "identity",
    abstract:
      "Print the account, the source and expiration of the credentials, and the region.",
    discussion: """
      Calls GetCallerIdentity of STS, which needs no permission. Secrets are never printed. With --output json the \
      endpoints of all services are listed.

      Examples:
        inferencectl identity
        inferencectl identity --profile production --output json
      """)

  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let settings = try session.settings()
    let client = try session.client()
    let keys = try client.credentials.resolved()
    let caller = try client.read(GetCallerIdentity())
    let end = keys.expirationUnixMilliseconds
    var table = Table("what", "value")
    table.add("account", caller.account)
    table.add("arn", caller.arn)
    table.add("access key", keys.credentials.accessKeyID)
    table.add("from", keys.origin)
    table.add("expires", end.map { Text.time(unixMilliseconds: $0) + left($0, session) } ?? "never")
    table.add("region", settings.region)
    table.add("region from", settings.regionOrigin)
    let json: OperationInput = [
      "account": caller.account, "arn": caller.arn, "accessKeyId": keys.credentials.accessKeyID,
      "source": keys.place.rawValue, "origin": keys.origin,
      "expiration": end.map { Text.time(unixMilliseconds: $0) },
      "profile": settings.profile.name, "region": settings.region,
      "regionOrigin": settings.regionOrigin,
      "endpoints": Dictionary(
        client.endpoints.map { ($0.name, $0.url) }, uniquingKeysWith: { $1 }),
    ]
    session.result(table, json: json.json)
  }

  private func left(_ end: Int64, _ session: Session) -> String {
    " (in \((end - session.clock.unixMilliseconds()) / 60_000) min)"
  }
}
