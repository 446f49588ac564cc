import AWSClient
import JSON
import LambdaEvents
import Platform
import S3

/// Stores one JSON document per image, because S3 discards the response of its invocation.
///
/// `ResultWrite` decides what is written under which condition; this type makes its calls.
struct ResultStore {
  /// A stored document that is larger is not compared; it has about the size of the one that replaces it.
  private static let minimumReadBytes = 4 << 20

  let s3: S3Client
  let location: ResultLocation
  let endpointName: String

  /// - Parameter completion: gets the key of the document, or nil when that of a newer event was kept.
  func keep(
    _ classification: Classification, of object: S3ObjectReference, requestID: String,
    in context: CallContext, then completion: @escaping (Result<String?, AWSError>) -> Void
  ) {
    let document = { (keptSequencer: String?) in
      var classification = classification
      if let keptSequencer { classification.keep(sequencer: keptSequencer) }
      return self.document(classification, requestID)
    }
    let call = Call(
      store: self, key: location.key(for: object),
      write: ResultWrite(sequencer: object.sequencer, document: document), context: context,
      completion: completion)
    call.perform(.put(.ifAbsent))
  }

  private func document(_ classification: Classification, _ requestID: String) -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 512 + 64 * classification.ranking.count)
    writer.beginObject()
    writer.key("endpoint")
    writer.string(endpointName)
    if let variant = classification.variant {
      writer.key("variant")
      writer.string(variant)
    }
    writer.key("requestId")
    writer.string(requestID)
    if let measurements = classification.measurements {
      writer.key("s3Milliseconds")
      writer.integer(measurements.s3Milliseconds)
      writer.key("endpointMilliseconds")
      writer.integer(measurements.endpointMilliseconds)
    }
    classification.writeMembers(to: &writer)
    writer.endObject()
    return writer.bytes
  }

  /// The calls of one write.
  private final class Call {
    private let store: ResultStore
    private let key: String
    private var write: ResultWrite
    private let context: CallContext
    private let completion: (Result<String?, AWSError>) -> Void

    init(
      store: ResultStore, key: String, write: ResultWrite, context: CallContext,
      completion: @escaping (Result<String?, AWSError>) -> Void
    ) {
      self.store = store
      self.key = key
      self.write = write
      self.context = context
      self.completion = completion
    }

    func perform(_ step: ResultWrite.Step) {
      switch step {
      case .put(let condition): put(condition)
      case .read: read()
      case .stored: completion(.success(key))
      case .superseded:
        context.log.info(
          "s3://\(store.location.bucket)/\(key) already has the result of a newer event; not overwritten"
        )
        completion(.success(nil))
      }
    }

    private func put(_ condition: S3WriteCondition) {
      store.s3.putObject(
        bucket: store.location.bucket, key: key, body: write.document,
        contentType: "application/json", kmsKeyID: store.location.kmsKeyID, condition: condition,
        in: context
      ) { result in
        guard case .failure(let error) = result else { return self.perform(.stored) }
        let refusal: ResultWrite.Refusal? =
          if error.isFailedCondition {
            .conditionFailed
          } else if error.code == .noSuchKey, case .ifUnchanged = condition {
            .removed
          } else if error.status == 501, condition != .always {
            .conditionsUnsupported
          } else {
            nil
          }
        guard let refusal, let next = self.write.next(after: refusal) else {
          return self.completion(.failure(error))
        }
        if refusal == .conditionsUnsupported {
          self.context.log.warn(
            "\(error.operation): conditional writes are not supported; writing the result unconditionally"
          )
        }
        self.perform(next)
      }
    }

    private func read() {
      store.s3.getObject(
        bucket: store.location.bucket, key: key, versionID: nil,
        maximumBytes: max(ResultStore.minimumReadBytes, 2 * write.document.count), in: context
      ) { result in
        switch result {
        case .success(let stored):
          self.perform(self.write.next(after: stored.bytes, eTag: stored.eTag))
        case .failure(let error) where error.code == .noSuchKey:
          self.perform(.put(.ifAbsent))
        case .failure(let error): self.completion(.failure(error))
        }
      }
    }
  }
}
