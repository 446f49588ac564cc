import Foundation
import LoopbackServer
import SigV4
import SignatureVerification

/// S3 over a folder and SageMaker Runtime over a model, on loopback. Both check every signature,
/// its date and the payload's hash, and answer with AWS's own errors; no account is needed.
package final class LocalAWS: Sendable {
  /// What the two services know.
  package struct Configuration: Sendable {
    /// The folder that holds `BUCKET/KEY`.
    package var objectsFolder: URL
    /// Who may call; everybody else is refused.
    package var credentials: [AWSCredentials]
    /// The region of both services.
    package var region = "us-east-1"
    /// The endpoint's name, 1 to 63 characters.
    package var endpointName = "dog-breeds"
    /// The endpoint's only production variant.
    package var variantName = "AllTraffic"
    /// The account that error messages name.
    package var accountID = "123456789012"
    /// Where PutObject keeps its objects, which hide those of `objectsFolder`: an empty folder
    /// that whoever made it removes after ``LocalAWS/stop()``. Nil: uploads are refused with 405.
    package var overlayFolder: URL?
    /// Buckets that can be written, and read, though `objectsFolder` holds none of the name.
    package var writableBuckets: Set<String> = []
    /// Objects, as `BUCKET/KEY`, that may be neither read nor written: 403 AccessDenied.
    package var deniedObjects: Set<String> = []
    /// What stands behind the endpoint.
    package var model: any InferenceModel
    /// The services' time, against which the date of a signature is held.
    package var now: @Sendable () -> SigningTime = {
      SigningTime(unixSeconds: Int64(Date().timeIntervalSince1970))
    }
    /// Sees each request and the status it was answered with, after the answer.
    package var observer: (@Sendable (ReceivedHTTPRequest, Int) -> Void)?

    /// A configuration with the defaults above.
    package init(objectsFolder: URL, credentials: [AWSCredentials], model: any InferenceModel) {
      self.objectsFolder = objectsFolder
      self.credentials = credentials
      self.model = model
    }
  }

  private let overlay: ObjectOverlay?
  private let s3Server: LoopbackServer
  private let sageMakerServer: LoopbackServer

  /// Starts both services on free ports of 127.0.0.1.
  package init(configuration: Configuration) throws {
    let keys = Dictionary(
      configuration.credentials.map { ($0.accessKeyID, $0) },
      uniquingKeysWith: { first, _ in first })
    let verifier = SignatureVerifier(credentials: { keys[$0] })
    let s3 = S3Service(configuration: configuration, verifier: verifier)
    overlay = s3.store.overlay
    s3Server = try Self.serve(configuration, s3.respond)
    let objects = LocalObjects(s3: s3, baseURL: s3Server.baseURL)
    let sageMaker = SageMakerService(
      configuration: configuration, verifier: verifier, objects: objects)
    sageMakerServer = try Self.serve(configuration, sageMaker.respond)
  }

  /// `http://127.0.0.1:PORT`, the value for `AWS_ENDPOINT_URL_S3` (path style).
  package var s3BaseURL: String { s3Server.baseURL }

  /// `http://127.0.0.1:PORT`, the value for `AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME`.
  package var sageMakerBaseURL: String { sageMakerServer.baseURL }

  /// The objects that were put, each as it is now, in the order of their last writes.
  /// - Parameter sequence: only those written after this ``StoredObject/sequence``.
  package func storedObjects(writtenAfter sequence: Int = 0) -> [StoredObject] {
    overlay?.objects(writtenAfter: sequence) ?? []
  }

  /// Closes both. Nothing is written to the overlay any more when it returns. May be called twice.
  package func stop() {
    overlay?.close()
    s3Server.stop()
    sageMakerServer.stop()
  }

  private static func serve(
    _ configuration: Configuration,
    _ respond: @escaping @Sendable (ReceivedHTTPRequest) -> LocalResponse
  ) throws -> LoopbackServer {
    let observer = configuration.observer
    return try LoopbackServer { request, connection in
      let response = respond(request)
      try connection.send(status: response.status, headers: response.headers, body: response.body)
      observer?(request, response.status)
    }
  }
}

/// A response before it is sent.
struct LocalResponse: Sendable {
  var status: Int
  var headers: [(String, String)]
  var body: [UInt8] = []
}

extension SignatureVerifier {
  /// Checks a request as it was received.
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
