import Foundation
import LoopbackServer

/// The queue of an asynchronous endpoint, and the one instance behind it, which processes one
/// request at a time.
final class AsynchronousQueue: Sendable {
  /// Where the results of an accepted request will be. The names contain a UUID that is not the
  /// inference ID, as in every message of AWS that is on record.
  struct Accepted: Sendable {
    let request: AsynchronousRequest
    /// From 1, in the order of acceptance.
    let number: Int
    let receivedAt: Date
    let output: S3Location
    let failure: S3Location?
  }

  struct Outcome {
    /// The container's answer, if the request reached it.
    var reply: ContainerReply?
    /// SageMaker's reason; nil for a completed request.
    var failureReason: String?
  }

  private let endpoint: AsynchronousEndpoint
  private let configuration: LocalAWS.Configuration
  private let objects: LocalObjects
  private let queue = DispatchQueue(label: "asynchronous endpoint")
  private let pending = DispatchGroup()
  private let acceptedCount = Locked(0)
  private let isStopped = Locked(false)

  init(
    _ endpoint: AsynchronousEndpoint, configuration: LocalAWS.Configuration, objects: LocalObjects
  ) {
    self.endpoint = endpoint
    self.configuration = configuration
    self.objects = objects
  }

  /// Queues a request, and returns where its results will be.
  func accept(_ request: AsynchronousRequest) -> Accepted {
    let name = freshUUID()
    let accepted = acceptedCount.withLock { count in
      count += 1
      return Accepted(
        request: request, number: count, receivedAt: Date(),
        output: endpoint.outputPath.appending(
          request.outputPathExtension, request.fileName ?? "\(name).out"),
        // That the extension also applies here is an assumption: AWS names only the output path.
        failure: endpoint.failurePath?.appending(
          request.outputPathExtension, "\(name)-error.out"))
    }
    pending.enter()
    let start = DispatchTime.now() + .milliseconds(endpoint.delayMilliseconds)
    queue.asyncAfter(deadline: start) { [self] in
      defer { pending.leave() }
      if !isStopped.withLock({ $0 }) { process(accepted) }
    }
    return accepted
  }

  /// Waits until all accepted requests have ended and their notifications were sent.
  func waitUntilIdle() {
    pending.wait()
  }

  /// Drops the requests that still wait.
  func stop() {
    isStopped.withLock { $0 = true }
  }

  private func process(_ accepted: Accepted) {
    let outcome = infer(accepted)
    let location = outcome.failureReason == nil ? accepted.output : accepted.failure
    guard let location, let reply = outcome.reply else { return notify(accepted, outcome, nil) }
    do {
      notify(accepted, outcome, try store(reply, at: location))
    } catch {
      // SageMaker counts a ResponseUploadFailure; AWS does not document its message.
      let reason = "ClientError: The response cannot be stored at \(location): \(error)"
      notify(accepted, Outcome(failureReason: reason), nil)
    }
  }

  private func notify(
    _ accepted: Accepted, _ outcome: Outcome, _ stored: AsynchronousNotification.Stored?
  ) {
    endpoint.notify(
      AsynchronousNotification(
        accepted, outcome, stored, endpoint: endpoint, region: configuration.region,
        endpointName: configuration.endpointName))
  }

  /// Reads the input and calls the container.
  private func infer(_ accepted: Accepted) -> Outcome {
    let request = accepted.request
    let body: [UInt8]
    do {
      body = try input(of: request)
    } catch {
      // SageMaker counts a RequestDownloadFailure; AWS does not document its message.
      let place = request.inputLocation ?? ""
      return Outcome(
        failureReason: "ClientError: The request cannot be downloaded from \(place): \(error)")
    }
    if endpoint.fails(accepted.number, request.inputLocation ?? "") {
      return Self.failure(.text(500, "The container fails in this run."))
    }
    do {
      let reply = try configuration.model.infer(
        ContainerRequest(
          contentType: request.contentType ?? "application/octet-stream",
          accept: request.accept ?? "", customAttributes: request.customAttributes, body: body,
          objects: objects))
      return (200..<300).contains(reply.status) ? Outcome(reply: reply) : Self.failure(reply)
    } catch {
      return Self.failure(.text(0, "The container did not respond: \(error)"))
    }
  }

  private func input(of request: AsynchronousRequest) throws -> [UInt8] {
    switch request.input {
    case .body(let bytes): bytes
    // InputLocation has no version: the object that is there now is classified, whichever was there
    // when the request was accepted.
    case .location(let location): try objects.read(url: location)
    }
  }

  /// A container's error, in the words of the notifications that are on record.
  private static func failure(_ reply: ContainerReply) -> Outcome {
    let side = (400..<500).contains(reply.status) ? "client" : "server"
    return Outcome(
      reply: reply,
      failureReason: "ClientError: Received \(side) error (\(reply.status)) from model. "
        + "See the SageMaker Endpoint logs in your account for more information.")
  }

  private func store(
    _ reply: ContainerReply, at location: S3Location
  ) throws -> AsynchronousNotification.Stored {
    let (eTag, sequence) = try objects.s3.store.store(
      bucket: location.bucket, key: location.key, bytes: reply.body, contentType: reply.contentType)
    return AsynchronousNotification.Stored(
      location: location, byteCount: reply.body.count, eTag: eTag, sequence: sequence)
  }
}
