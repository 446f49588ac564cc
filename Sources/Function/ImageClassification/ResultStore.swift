import AWSClient
import JSON
import LambdaEvents
import Platform
import S3

/// The location of stored results (`RESULT_BUCKET`, `RESULT_PREFIX`).
struct ResultLocation {
  let bucket: String
  /// Empty, or ends with a slash.
  let prefix: String
  let kmsKeyID: String?

  /// - Throws: `ConfigurationError` when results would invoke the function again: the bucket is
  ///   that of the images (`IMAGE_BUCKET`), and one prefix begins with the other.
  init?(environment: Environment) throws(ConfigurationError) {
    guard let bucket = environment["RESULT_BUCKET"] else { return nil }
    self.bucket = bucket
    let name = (environment["RESULT_PREFIX"] ?? "").trimmingSlashes
    prefix = name.isEmpty ? "" : name + "/"
    kmsKeyID = environment["RESULT_KMS_KEY_ID"]
    let imagePrefix = environment["IMAGE_PREFIX"] ?? ""
    if bucket == environment["IMAGE_BUCKET"],
      prefix.hasPrefix(imagePrefix) || imagePrefix.hasPrefix(prefix)
    {
      throw ConfigurationError(
        variable: "RESULT_BUCKET",
        problem:
          "is also the bucket of the images, and the prefixes \"\(prefix)\" of the results and "
          + "\"\(imagePrefix)\" of the images overlap, so that every result would invoke the function again. Use "
          + "another bucket or separate prefixes")
    }
  }

  /// `PREFIX/BUCKET/KEY.json`, or `PREFIX/BUCKET/KEY.VERSION.json` for a version.
  func key(for object: S3ObjectReference) -> String {
    prefix + object.bucket + "/" + object.key + (object.versionID.map { ".\($0)" } ?? "") + ".json"
  }

  /// Why the result of an object cannot be stored, or nil. S3 limits keys to 1,024 bytes, and the
  /// key of a result is longer than that of its image.
  /// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
  func problem(with object: S3ObjectReference) -> String? {
    let length = key(for: object).utf8.count
    guard length > Self.maximumKeyBytes else { return nil }
    return "the key of its result in \(bucket) would be \(length) bytes long; S3 accepts at most "
      + "\(Self.maximumKeyBytes). Shorten the object's key or RESULT_PREFIX"
  }

  private static let maximumKeyBytes = 1_024

  /// Whether an object looks like a stored result.
  func holdsResult(_ object: S3ObjectReference) -> Bool {
    object.bucket == bucket && object.key.hasPrefix(prefix) && object.key.hasSuffix(".json")
  }
}

extension String {
  fileprivate var trimmingSlashes: String {
    String(drop { $0 == "/" }.reversed().drop { $0 == "/" }.reversed())
  }
}

/// Stores one JSON document per image, because S3 discards the response of its invocation.
///
/// S3 delivers events at least once and in any order. A repeated delivery of an event writes the
/// same document again. An event that is older than the stored result (by its sequencer) does not
/// overwrite it; conditional writes guarantee this even when two invocations write at the same
/// time.
/// See https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
struct ResultStore {
  private static let maximumStoredBytes = 4 << 20
  /// Limit for retries when another writer intervenes between reading and writing.
  private static let maximumRounds = 3

  let s3: S3Client
  let location: ResultLocation
  let endpointName: String

  func keep(
    _ classification: Classification, of object: S3ObjectReference, requestID: String,
    in context: CallContext, then completion: @escaping (Result<Void, AWSError>) -> Void
  ) {
    Write(
      store: self, key: location.key(for: object), sequencer: object.sequencer,
      document: document(classification, requestID), context: context, completion: completion
    ).begin()
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
    writer.key("s3Milliseconds")
    writer.integer(classification.measurements.s3Milliseconds)
    writer.key("endpointMilliseconds")
    writer.integer(classification.measurements.endpointMilliseconds)
    classification.writeMembers(to: &writer)
    writer.endObject()
    return writer.bytes
  }

  /// The conditional write of one document.
  private final class Write {
    private let store: ResultStore
    private let key: String
    private let sequencer: String?
    private let document: [UInt8]
    private let context: CallContext
    private let completion: (Result<Void, AWSError>) -> Void
    private var rounds = 0

    init(
      store: ResultStore, key: String, sequencer: String?, document: [UInt8],
      context: CallContext, completion: @escaping (Result<Void, AWSError>) -> Void
    ) {
      self.store = store
      self.key = key
      self.sequencer = sequencer
      self.document = document
      self.context = context
      self.completion = completion
    }

    /// Without a sequencer there is no order, and the last write wins.
    func begin() { put(sequencer == nil ? .always : .ifAbsent) }

    private func put(_ condition: S3WriteCondition) {
      rounds += 1
      store.s3.putObject(
        bucket: store.location.bucket, key: key, body: document, contentType: "application/json",
        kmsKeyID: store.location.kmsKeyID, condition: condition, in: context
      ) { result in
        guard case .failure(let error) = result else { return self.completion(.success(())) }
        if error.isFailedCondition, self.rounds <= ResultStore.maximumRounds {
          self.compareWithStored()
        } else if error.status == 501, condition != .always {
          self.context.log.warn(
            "\(error.operation): conditional writes are not supported; writing the result unconditionally"
          )
          self.put(.always)
        } else {
          self.completion(.failure(error))
        }
      }
    }

    private func compareWithStored() {
      store.s3.getObject(
        bucket: store.location.bucket, key: key, versionID: nil,
        maximumBytes: ResultStore.maximumStoredBytes, in: context
      ) { result in
        switch result {
        // Removed in the meantime: no other result exists.
        case .failure(let error) where error.code == .noSuchKey: self.put(.ifAbsent)
        case .failure(let error): self.completion(.failure(error))
        case .success(let stored):
          if self.isNewer(stored.bytes) {
            self.context.log.info(
              "s3://\(self.store.location.bucket)/\(self.key) already has the result of a newer event; not overwritten"
            )
            return self.completion(.success(()))
          }
          // Two concurrent deliveries of one event: after a failed write, the other delivery's
          // document is equivalent.
          if self.rounds > 1, self.isOfSameEvent(stored.bytes) {
            return self.completion(.success(()))
          }
          self.put(stored.eTag.map { .ifUnchanged(eTag: $0) } ?? .always)
        }
      }
    }

    /// Whether the stored document belongs to a later event of the same key.
    private func isNewer(_ stored: [UInt8]) -> Bool {
      guard let sequencer, let other = Self.sequencer(of: stored) else { return false }
      return Sequencer.isOrdered(sequencer, before: other)
    }

    private func isOfSameEvent(_ stored: [UInt8]) -> Bool {
      guard let sequencer, let other = Self.sequencer(of: stored) else { return false }
      return !Sequencer.isOrdered(sequencer, before: other)
        && !Sequencer.isOrdered(other, before: sequencer)
    }

    private static func sequencer(of stored: [UInt8]) -> String? {
      guard let document = try? JSONValue(parsing: stored) else { return nil }
      return document["source"]?["sequencer"]?.stringValue
    }
  }
}

/// S3 sequencers: hexadecimal numbers of varying length, compared as text after padding the shorter
/// one with zeros on the right. Only comparable for one key.
/// Source:
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
enum Sequencer {
  static func isOrdered(_ left: String, before right: String) -> Bool {
    let length = max(left.utf8.count, right.utf8.count)
    func padded(_ text: String) -> [UInt8] {
      Array(text.uppercased().utf8)
        + Array(repeating: UInt8(ascii: "0"), count: length - text.utf8.count)
    }
    return padded(left).lexicographicallyPrecedes(padded(right))
  }
}
