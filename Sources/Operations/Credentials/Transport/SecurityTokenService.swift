import AWSClient
import Foundation
import HTTPClient
import Platform
import SigV4

/// The two calls of STS that return the keys of a role.
///
/// `POST /` with a form: `AssumeRole`, signed, and `AssumeRoleWithWebIdentity`, which the token in
/// it authorizes. A session lasts 900 to 43,200 s. Three attempts for transient errors: each
/// creates a session of its own, so that a repetition is harmless. Errors: `AccessDenied`,
/// `ExpiredTokenException`, `InvalidIdentityToken`, `ValidationError`.
/// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
/// and https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
final class SecurityTokenService {
  private let environment: Environment
  private let clock: Clock
  private var madeClient: AWSClient?

  init(_ environment: Environment, clock: Clock) {
    self.environment = environment
    self.clock = clock
  }

  /// `inferencectl-1700000000`: CloudTrail shows it.
  var defaultSessionName: String { "inferencectl-\(clock.unixMilliseconds() / 1000)" }

  func credentials(
    _ operation: String, of role: String, _ parameters: [(name: String, value: String?)],
    signedWith keys: AWSCredentials?, place: CredentialPlace, origin: String
  ) throws(CredentialError) -> ResolvedCredentials {
    let body: [UInt8]
    do {
      body = try send("\(operation) \(role)", form(operation, parameters), keys)
    } catch {
      throw CredentialError(source: origin, problem: "\(error)", advice: Self.advice(error))
    }
    func element(_ name: String) throws(CredentialError) -> String {
      guard let text = XMLText.element(name, in: body), !text.isEmpty else {
        throw CredentialError(source: origin, problem: "the response of STS has no \(name)")
      }
      return text
    }
    return ResolvedCredentials(
      credentials: AWSCredentials(
        accessKeyID: try element("AccessKeyId"), secretAccessKey: try element("SecretAccessKey"),
        sessionToken: try element("SessionToken")),
      expirationUnixMilliseconds: try ExpirationTime.unixMilliseconds(
        try element("Expiration"), source: origin),
      place: place, origin: origin)
  }

  private func form(
    _ operation: String, _ parameters: [(name: String, value: String?)]
  ) -> [UInt8] {
    let unreserved = CharacterSet(
      charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    func encoded(_ text: String) -> String {
      text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }
    let fields =
      [("Action", operation), ("Version", "2011-06-15")]
      + parameters.compactMap { name, value in value.map { (name, $0) } }
    let text = fields.map { "\($0.0)=\(encoded($0.1))" }.joined(separator: "&")
    return Array(text.utf8)
  }

  /// For this moment, without a signature when there are no keys.
  private func send(_ title: String, _ body: [UInt8], _ keys: AWSCredentials?) throws -> [UInt8] {
    let client = try client()
    try client.configuration.checkEndpoint(of: AWSService.sts)
    var request = AWSRequest(
      service: AWSService.sts, operation: title, method: "POST", path: "/",
      maximumResponseBytes: 1 << 20,
      accessAdvice: "The role's trust policy must name the caller, and the caller needs "
        + "sts:\(title.prefix { $0 != " " })")
    request.headers = [
      HTTPHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
    ]
    request.body = body
    request.limits = TimeLimits(attemptMilliseconds: 30_000)
    return try client.send(
      request,
      in: CallContext(
        credentials: keys, deadline: .distantFuture, traceID: nil,
        log: Log(environment: Environment([:]), clock: clock, write: { _ in }))
    ).body
  }

  private func client() throws -> AWSClient {
    if let madeClient { return madeClient }
    let clock = clock
    let client = AWSClient(
      configuration: try AWSConfiguration(environment: environment),
      http: try HTTPClient(
        trust: TrustStore(environment: environment),
        proxy: ProxyConfiguration(environment: environment)),
      clock: clock, policy: .operatorsTool(maximumAttempts: 3),
      userAgent: "inferencectl/\(Product.version)"
    ) { pause, action in
      clock.sleep(pause)
      action()
    }
    madeClient = client
    return client
  }

  private static func advice(_ error: any Error) -> String {
    switch (error as? AWSError)?.code.rawValue {
    case "InvalidClientTokenId": "The access key that assumes the role does not exist"
    case "ValidationError": "Check role_arn, role_session_name and duration_seconds"
    default: ""
    }
  }
}

extension AWSService {
  /// STS, in the region.
  package static let sts = AWSService(
    signingName: "sts", displayName: "STS", endpointVariable: "AWS_ENDPOINT_URL_STS",
    signingStyle: .standard(),
    host: { configuration in
      let partition = configuration.partition
      // In GovCloud the standard endpoint is a FIPS endpoint.
      let hasName = partition.name != "aws-us-gov" || configuration.usesDualStack
      let fips = configuration.usesFIPS && hasName ? "-fips" : ""
      let suffix =
        configuration.usesDualStack ? partition.dualStackDNSSuffix : partition.dnsSuffix
      return "sts\(fips).\(configuration.region).\(suffix)"
    },
    // The identity provider of a web identity did not respond to STS.
    rule: { failure in failure.code.rawValue == "IDPCommunicationError" ? .transient : nil })
}
