import HTTPClient
import Platform

/// Requests to the services of this machine: never through a proxy, with short limits.
final class MetadataHTTP {
  private let trust: TrustStore
  private let clock: Clock
  private var madeClient: HTTPClient?

  init(_ environment: Environment, clock: Clock) {
    trust = TrustStore(environment: environment)
    self.clock = clock
  }

  /// The body of a 200; nil for everything else.
  func answer(
    _ method: String, _ url: String, _ headers: [(String, String)], attempts: Int,
    timeoutMilliseconds: Int64
  ) -> [UInt8]? {
    try? send(method, url, headers, attempts, timeoutMilliseconds, pauseMilliseconds: 0)
  }

  /// The body of a 200.
  ///
  /// - Throws: the outcome of the last attempt; never the body, which may hold a key.
  func require(
    _ url: String, _ headers: [(String, String)], source: String, attempts: Int,
    timeoutMilliseconds: Int64
  ) throws(CredentialError) -> [UInt8] {
    do throws(Failure) {
      return try send("GET", url, headers, attempts, timeoutMilliseconds, pauseMilliseconds: 1_000)
    } catch {
      throw CredentialError(source: source, problem: "\(url): \(error.text)")
    }
  }

  private struct Failure: Error {
    let text: String
  }

  private func send(
    _ method: String, _ url: String, _ headers: [(String, String)], _ attempts: Int,
    _ timeoutMilliseconds: Int64, pauseMilliseconds: Int64
  ) throws(Failure) -> [UInt8] {
    var failure = Failure(text: "not asked")
    for attempt in 1...attempts {
      if attempt > 1 { clock.sleep(pauseMilliseconds) }
      do throws(HTTPError) {
        let response = try client().send(
          HTTPRequest(
            method: method, url: url, headers: headers.map { HTTPHeader($0.0, $0.1) },
            timeoutMilliseconds: timeoutMilliseconds, maximumBodyBytes: 1 << 20))
        if response.status == 200, !response.body.isEmpty { return response.body }
        failure = Failure(text: "status \(response.status), \(response.body.count) bytes")
      } catch {
        failure = Failure(text: error.message)
      }
    }
    throw failure
  }

  private func client() throws(HTTPError) -> HTTPClient {
    if let madeClient { return madeClient }
    let client = try HTTPClient(trust: trust, proxy: .direct)
    madeClient = client
    return client
  }
}
