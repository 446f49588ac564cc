import Glibc
import Platform

/// Handles the invocations of a function.
public protocol InvocationHandler: SendableMetatype {
  /// Returns the response to one invocation, a JSON document of at most 6 MiB.
  ///
  /// - Throws: `InvocationError`, whose type and message are reported to Lambda.
  func handle(_ invocation: Invocation, log: Log) throws(InvocationError) -> [UInt8]
}

/// A Lambda custom runtime: the process that Lambda starts as `bootstrap`.
public enum LambdaRuntime {
  /// Creates the handler and processes invocations until the environment ends.
  ///
  /// When the handler cannot be created, the error is logged and reported to `/runtime/init/error`,
  /// and the process exits with status 1. With `AWS_LAMBDA_MAX_CONCURRENCY` above 1 (Managed
  /// Instances), that number of loops run in parallel threads, each with its own handler,
  /// connections, and keys. With `SIGTERM_HANDLING=1`, the process exits cleanly when Lambda ends
  /// the environment.
  ///
  /// - Parameter makeHandler: reads the configuration; called once per loop, before its first
  ///   invocation.
  public static func run<Handler: InvocationHandler>(
    environment: Environment = .process, clock: Clock = .system,
    _ makeHandler: @escaping @Sendable (Environment) throws -> Handler
  ) -> Never {
    // A closed standard error, or a connection that ends while OpenSSL writes to it, must not end the
    // process.
    signal(SIGPIPE, SIG_IGN)
    // libcurl would write the keys of every TLS session into this file.
    unsafe unsetenv("SSLKEYLOGFILE")
    Heap.keepFreedMemory()
    let runtime = Runtime(environment: environment, clock: clock, makeHandler: makeHandler)
    exit(runtime.serve())
  }
}

struct Runtime<Handler: InvocationHandler>: Sendable {
  let environment: Environment
  let clock: Clock
  let makeHandler: @Sendable (Environment) throws -> Handler
  let log: Log
  private let activity = Activity()

  init(
    environment: Environment, clock: Clock, log: Log? = nil,
    makeHandler: @escaping @Sendable (Environment) throws -> Handler
  ) {
    self.environment = environment
    self.clock = clock
    self.makeHandler = makeHandler
    self.log = log ?? Log(environment: environment, clock: clock)
  }

  /// Processes invocations until it cannot continue.
  ///
  /// - Returns: the exit status, never 0.
  func serve() -> Int32 {
    guard let address = environment["AWS_LAMBDA_RUNTIME_API"] else {
      log.fatal(
        "AWS_LAMBDA_RUNTIME_API is not set. Lambda sets it when it starts this program. To run the "
          + "function on this machine: swift run local-invoke events/s3.json")
      return 1
    }
    do {
      let client = try RuntimeClient(address: address, clock: clock)
      do {
        let loops = try environment.integer("AWS_LAMBDA_MAX_CONCURRENCY", in: 1...1_000) ?? 1
        if try Shutdown.isEnabled(environment) {
          try Shutdown(log: log, clock: clock, activity: activity).install(client.address)
        }
        let loop = try makeLoop(client, isOnlyOne: loops == 1)
        for _ in 1..<loops { try startAnotherLoop(address) }
        let status = loop.run()
        // Not exit(): the other loops may be inside libcurl.
        if loops > 1 { _exit(status) }
        return status
      } catch {
        return reportInitError(InvocationError(error), client)
      }
    } catch {
      log.fatal("the runtime cannot start: \(error.message)")
      return 1
    }
  }

  private func makeLoop(
    _ client: RuntimeClient, isOnlyOne: Bool
  ) throws -> RuntimeLoop<Handler> {
    RuntimeLoop(
      client: client, handler: try makeHandler(environment), log: log, clock: clock,
      activity: activity, traceVariable: isOnlyOne && environment.isProcess ? TraceVariable() : nil)
  }

  /// A loop that ends also ends the process, like the single loop of a standard environment.
  private func startAnotherLoop(_ address: String) throws(InvocationError) {
    try startThread {
      do {
        let client = try RuntimeClient(address: address, clock: clock)
        do {
          _exit(try makeLoop(client, isOnlyOne: false).run())
        } catch {
          _exit(reportInitError(InvocationError(error), client))
        }
      } catch {
        log.fatal("another loop cannot start: \(InvocationError(error).message)")
        _exit(1)
      }
    }
  }

  private func reportInitError(_ error: InvocationError, _ client: RuntimeClient) -> Int32 {
    log.fatal("\(error.errorType): \(error.message)", error.logFields)
    do throws(RuntimeAPIError) {
      let answer = try client.postInitError(error.redacted(by: log.redaction))
      if answer.status != 202 {
        log.error("the Runtime API returned \(answer.status) for the init error")
      }
    } catch {
      log.error("the init error could not be reported: \(error.message)")
    }
    return 1
  }
}
