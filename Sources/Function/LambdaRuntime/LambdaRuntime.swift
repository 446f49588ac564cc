import Glibc
import HTTPClient
import Platform

/// What a function does with an invocation.
public protocol InvocationHandler {
  /// Answers one invocation with the bytes of a JSON document, at most 6 MiB.
  ///
  /// - Throws: `InvocationError`, which Lambda gets with its type and message.
  func handle(_ invocation: Invocation, log: Log) throws(InvocationError) -> [UInt8]
}

/// A Lambda runtime: the process that Lambda starts as `bootstrap`.
public enum LambdaRuntime {
  /// Makes the handler and serves invocations until the environment ends.
  ///
  /// A handler that cannot be made is reported to `/runtime/init/error`, logged, and ends the
  /// process with status 1.
  ///
  /// - Parameter makeHandler: reads the configuration; called once, before the first invocation.
  public static func run<Handler: InvocationHandler>(
    environment: Environment = .process, clock: Clock = .system,
    _ makeHandler: (Environment) throws -> Handler
  ) -> Never {
    let log = Log(environment: environment, clock: clock)
    exit(serve(environment: environment, clock: clock, log: log, makeHandler))
  }

  /// The same without ending the process, for tests.
  ///
  /// - Returns: the exit status.
  static func serve<Handler: InvocationHandler>(
    environment: Environment, clock: Clock, log: Log,
    _ makeHandler: (Environment) throws -> Handler
  ) -> Int32 {
    guard let address = environment["AWS_LAMBDA_RUNTIME_API"] else {
      log.fatal(
        "AWS_LAMBDA_RUNTIME_API is not set. Lambda starts this program and sets it; on your own "
          + "machine use: swift run local-invoke events/s3.json")
      return 1
    }
    do {
      let http = try HTTPClient(
        trust: TrustStore(primary: .amazonTrustServices), proxy: .direct, clock: clock)
      let client = RuntimeClient(address: address, http: http)
      do {
        let handler = try makeHandler(environment)
        return RuntimeLoop(client: client, handler: handler, log: log, clock: clock).run()
      } catch {
        return reportInitError(InvocationError(error), client, log)
      }
    } catch {
      log.fatal("the runtime cannot start: \(error)")
      return 1
    }
  }

  private static func reportInitError(
    _ error: InvocationError, _ client: RuntimeClient, _ log: Log
  ) -> Int32 {
    log.fatal("\(error.errorType): \(error.message)")
    do throws(HTTPError) {
      let answer = try client.postInitError(error)
      if answer.status != 202 {
        log.error("the Runtime API answered \(answer.status) to the init error")
      }
    } catch {
      log.error("the init error could not be reported: \(error.message)")
    }
    return 1
  }
}
