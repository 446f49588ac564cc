import Foundation
import LocalAWS
import LoopbackServer

/// The notifications of an asynchronous endpoint, as they arrive at the function.
final class ResultNotifications: Sendable {
  /// One notification, or the loss of it.
  struct Delivery {
    /// Nil for a lost one, and for a failure of which S3 has no object.
    let event: [UInt8]?
    /// Human-readable.
    let note: String
  }

  private struct State {
    var waiting: [AsynchronousNotification] = []
    var hasLost = false
  }

  private let arrival: EndpointKindOptions.Arrival
  private let delivery: AsynchronousNotification.Delivery
  private let state = Locked(State())
  private let added = DispatchSemaphore(value: 0)

  init(
    _ arrival: EndpointKindOptions.Arrival, by delivery: AsynchronousNotification.Delivery
  ) {
    self.arrival = arrival
    self.delivery = delivery
  }

  /// Called by the endpoint.
  func add(_ notification: AsynchronousNotification) {
    state.withLock { $0.waiting.append(notification) }
    added.signal()
  }

  /// Waits for a notification.
  func wait() {
    added.wait()
  }

  /// The notifications since the last call, in the order of their arrival.
  func take() -> [Delivery] {
    let (all, isFirstLost) = state.withLock { state in
      let isFirstLost = arrival == .lost && !state.hasLost && !state.waiting.isEmpty
      if isFirstLost { state.hasLost = true }
      defer { state.waiting = [] }
      return (state.waiting, isFirstLost)
    }
    switch arrival {
    case .once: return all.map(delivered)
    case .twice: return all.flatMap { [delivered($0), delivered($0)] }
    case .reversed: return all.reversed().map(delivered)
    case .lost where isFirstLost: return [lost(all[0])] + all.dropFirst().map(delivered)
    case .lost: return all.map(delivered)
    }
  }

  private func delivered(_ notification: AsynchronousNotification) -> Delivery {
    let status = notification.failureReason == nil ? "Completed" : "Failed"
    let details = [
      notification.storedAt.map { ", stored at \($0)" },
      notification.failureReason.map { ": \($0)" },
    ]
    return Delivery(
      event: notification.event(by: delivery),
      note: "\(delivery.rawValue.uppercased()): \(status) \(Self.input(notification))"
        + details.compactMap { $0 }.joined())
  }

  private func lost(_ notification: AsynchronousNotification) -> Delivery {
    let place = notification.storedAt.map { "; its reply stays at \($0)" } ?? ""
    return Delivery(
      event: nil, note: "The notification of \(Self.input(notification)) is lost\(place)")
  }

  private static func input(_ notification: AsynchronousNotification) -> String {
    notification.inputLocation ?? "request \(notification.inferenceID)"
  }
}
