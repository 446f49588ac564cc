import AWSClient

/// Independent reads at the same time, each on a connection of its own.
///
///     let reads = ReadGroup(client)
///     let settings = reads.add(GetAccountSettings())
///     let aliases = reads.addAll(ListAliases(functionName: name))
///     try reads.run()
///     use(try settings.get(), try aliases.get())
package final class ReadGroup {
  /// The result of a read, once the group has run.
  package final class Pending<Value> {
    fileprivate var result: Result<Value, any Error>?
    private let title: String

    fileprivate init(_ title: String) { self.title = title }

    /// - Throws: `AWSError` of this read; `Interrupted` before the group has run to its end.
    package func get() throws -> Value {
      guard let result else { throw Interrupted(activity: title) }
      return try result.get()
    }
  }

  private let client: ControlClient
  private var starts: [() throws -> Void] = []

  package init(_ client: ControlClient) { self.client = client }

  package func add<Operation: ReadOperation>(
    _ operation: Operation
  ) -> Pending<Operation.Output> {
    let pending = Pending<Operation.Output>(operation.title)
    starts.append { [client] in try client.start(operation) { pending.result = $0 } }
    return pending
  }

  /// Nil when AWS responds with one of these codes.
  package func addIfPresent<Operation: ReadOperation>(
    _ operation: Operation, absent codes: AWSErrorCode...
  ) -> Pending<Operation.Output?> {
    let pending = Pending<Operation.Output?>(operation.title)
    starts.append { [client] in
      try client.start(operation) { result in
        pending.result = result.map(Optional.some).flatMapError { error in
          let isAbsent = (error as? AWSError).map { codes.contains($0.code) } ?? false
          return isAbsent ? .success(nil) : .failure(error)
        }
      }
    }
    return pending
  }

  /// All pages of a list, one after the other.
  package func addAll<Operation: PagedOperation>(
    _ operation: Operation
  ) -> Pending<[Operation.Item]> {
    let pending = Pending<[Operation.Item]>(operation.title)
    starts.append { [client] in try Self.page(operation, [], client, pending) }
    return pending
  }

  private static func page<Operation: PagedOperation>(
    _ operation: Operation, _ before: [Operation.Item], _ client: ControlClient,
    _ pending: Pending<[Operation.Item]>
  ) throws {
    try client.start(operation) { result in
      do {
        let page = try result.get()
        let items = before + page.items
        if let next = try operation.next(after: page) {
          try Self.page(next, items, client, pending)
        } else {
          pending.result = .success(items)
        }
      } catch {
        pending.result = .failure(error)
      }
    }
  }

  /// At most this many calls at the same time.
  package static let width = 16

  /// Sends what was added, and returns when all have ended.
  ///
  /// - Throws: `Interrupted`; `CredentialError`; `ConfigurationError`. Errors of single reads are
  ///   thrown by `get`.
  package func run() throws {
    for first in stride(from: 0, to: starts.count, by: Self.width) {
      for start in starts[first..<min(first + Self.width, starts.count)] { try start() }
      client.aws.run()
    }
    starts = []
  }
}

extension PagedOperation {
  /// The next page's operation; nil after the last.
  ///
  /// - Throws: `AWSError` when the token repeats itself.
  func next(after page: Page<Item>) throws -> Self? {
    guard let token = page.nextToken else { return nil }
    guard token != pageToken else {
      throw AWSError(
        operation: title, service: Self.service.aws.displayName, code: .malformedResponse,
        detail: "the page token repeats itself")
    }
    var next = self
    next.pageToken = token
    return next
  }
}

@available(*, unavailable)
extension ReadGroup: Sendable {}
