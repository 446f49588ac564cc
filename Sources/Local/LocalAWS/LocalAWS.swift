import Foundation
import LoopbackServer
import SigV4
import SignatureVerification

/// S3 backed by a folder, and SageMaker Runtime backed by a model, on loopback. Both verify every
/// signature, its date, and the payload hash, and return AWS's own errors. No account is needed.
///
/// An asynchronous endpoint reads its input from this S3, stores its replies there, and reports them
/// by ``AsynchronousEndpoint/notify``.
package final class LocalAWS: Sendable {
  /// The configuration of both services.
  package struct Configuration: Sendable {
    /// The folder with the objects, as `BUCKET/KEY`.
    package var objectsFolder: URL
    /// The accepted credentials; all others are refused.
    package var credentials: [AWSCredentials]
    /// The region of both services.
    package var region = "us-east-1"
    /// 1 to 63 characters.
    package var endpointName = "dog-breeds"
    /// How the endpoint is hosted.
    package var endpointKind = EndpointKind.realtime
    /// The endpoint's only production variant.
    package var variantName = "AllTraffic"
    /// The account ID in error messages.
    package var accountID = "123456789012"
    /// An empty folder for the objects of PutObject and of an asynchronous endpoint, which hide those of
    /// `objectsFolder`. Its creator removes it after ``LocalAWS/stop()``. Nil refuses uploads with 405.
    package var overlayFolder: URL?
    /// Additional buckets that can be written and read, even if `objectsFolder` does not contain
    /// them.
    package var writableBuckets: Set<String> = []
    /// Objects, as `BUCKET/KEY`, that cannot be read or written: 403 AccessDenied.
    package var deniedObjects: Set<String> = []
    package var model: any InferenceModel
    /// Reads the https URLs that the built-in model receives; nil refuses them.
    package var web: WebFetcher?
    /// A sentence about the container in its errors, instead of AWS's reference to its log in CloudWatch.
    package var containerNote: String?
    /// Whether a request for any version gets the only one that the folder has, so that events of a versioned bucket
    /// can be replayed. Otherwise only the version `null` exists.
    package var ignoresVersions = false
    /// The clock for verifying signature dates.
    package var now: @Sendable () -> SigningTime = {
      SigningTime(unixSeconds: Int64(Date().timeIntervalSince1970))
    }
    /// Observes each request, and can inject faults.
    package var monitor: (any ServiceMonitor)?

    package init(objectsFolder: URL, credentials: [AWSCredentials], model: any InferenceModel) {
      self.objectsFolder = objectsFolder
      self.credentials = credentials
      self.model = model
    }
  }

  let objectStore: ObjectStore
  private let sageMaker: SageMakerService
  private let s3Server: LoopbackServer
  private let sageMakerServer: LoopbackServer

  /// Starts both services on free ports of 127.0.0.1.
  package init(configuration: Configuration) throws {
    let keys = Dictionary(
      configuration.credentials.map { ($0.accessKeyID, $0) },
      uniquingKeysWith: { first, _ in first })
    let verifier = SignatureVerifier(credentials: { keys[$0] })
    let s3 = S3Service(configuration: configuration, verifier: verifier)
    objectStore = s3.store
    s3Server = try Self.serve(.s3, configuration, s3.respond)
    let objects = LocalObjects(s3: s3, baseURL: s3Server.baseURL, web: configuration.web)
    sageMaker = SageMakerService(
      configuration: configuration, verifier: verifier, objects: objects)
    sageMakerServer = try Self.serve(.sageMaker, configuration, sageMaker.respond)
  }

  /// `http://127.0.0.1:PORT`, the value for `AWS_ENDPOINT_URL_S3` (path style).
  package var s3BaseURL: String { s3Server.baseURL }

  /// `http://127.0.0.1:PORT`, the value for `AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME`.
  package var sageMakerBaseURL: String { sageMakerServer.baseURL }

  /// The uploaded objects in their current state, in the order of their last writes.
  /// - Parameter sequence: only objects written after this ``StoredObject/sequence``.
  package func storedObjects(writtenAfter sequence: Int = 0) -> [StoredObject] {
    objectStore.overlay?.objects(writtenAfter: sequence) ?? []
  }

  /// How the requests of a serverless endpoint were served so far; nil for other kinds.
  package var serverlessStatistics: ServerlessStatistics? { sageMaker.capacity?.statistics }

  /// Waits until an asynchronous endpoint has ended all accepted requests and has called
  /// ``AsynchronousEndpoint/notify`` for each.
  package func waitForAsynchronousRequests() {
    sageMaker.queue?.waitUntilIdle()
  }

  /// Stops both services. Nothing is written to the overlay after it returns, and asynchronous
  /// requests that still wait are dropped. May be called twice.
  package func stop() {
    sageMaker.queue?.stop()
    objectStore.overlay?.close()
    s3Server.stop()
    sageMakerServer.stop()
  }

  private static func serve(
    _ service: LocalService, _ configuration: Configuration,
    _ respond: @escaping @Sendable (ReceivedHTTPRequest) -> LocalResponse
  ) throws -> LoopbackServer {
    try LoopbackServer { request, connection in
      if let sentence = BrowserGuard.refusal(of: request) { return try connection.refuse(sentence) }
      let call = ServiceCall(service: service, request: request)
      let fault = configuration.monitor?.began(call)
      let reply =
        fault.map { $0.response(to: request, configuration) } ?? .some(respond(request))
      defer {
        configuration.monitor?.ended(
          call, status: reply?.status, responseBytes: reply?.body.count ?? 0)
      }
      guard let reply else {
        connection.waitUntilClientIsGone()
        return
      }
      try connection.send(status: reply.status, headers: reply.headers, body: reply.body)
    }
  }
}

struct LocalResponse: Sendable {
  var status: Int
  var headers: [(String, String)]
  var body: [UInt8] = []
}

extension SignatureVerifier {
  func verify(
    _ request: ReceivedHTTPRequest, service: String, region: String, at time: SigningTime
  ) throws(SignatureError) {
    try verify(
      method: request.method, target: request.target,
      headers: request.headers.map { HeaderField(name: $0.name, value: $0.value) },
      body: request.body,
      service: service, region: region, at: time)
  }
}
