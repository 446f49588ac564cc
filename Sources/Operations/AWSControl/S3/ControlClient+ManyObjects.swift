import AWSClient
import S3

extension ControlClient {
  /// Reads many small objects, several at the same time, and hands them over in their order.
  ///
  /// At most `width` requests are under way, and about 4 MiB in memory.
  ///
  /// - Parameters:
  ///   - objects: as listed; their sizes decide how many are read at once.
  ///   - maximumBytes: a larger one is refused by its declared length.
  ///   - take: gets the index of an object and its bytes, or why they could not be read; returns false to stop.
  /// - Throws: what `take` throws; `Interrupted` after Ctrl-C; `CredentialError`.
  package func readObjects(
    _ objects: [ListedObject], in bucket: String, width: Int = 48, maximumBytes: Int,
    take: (_ index: Int, _ result: Result<[UInt8], AWSError>) throws -> Bool
  ) throws {
    var start = 0
    while start < objects.count {
      let end = Self.end(ofBatchFrom: start, in: objects)
      let batch = ObjectBatch(
        Array(objects[start..<end]), in: bucket, width: width, maximumBytes: maximumBytes,
        client: self)
      for (offset, result) in try batch.read().enumerated() {
        guard try take(start + offset, result) else { return }
      }
      start = end
    }
  }

  private static func end(ofBatchFrom start: Int, in objects: [ListedObject]) -> Int {
    var bytes = 0
    let last = min(objects.count, start + 500)
    for index in start..<last {
      bytes += objects[index].size
      if bytes > 4 << 20 { return max(index, start + 1) }
    }
    return last
  }
}

/// Objects that are read together.
private final class ObjectBatch {
  private let objects: [ListedObject]
  private let bucket: String
  private let width: Int
  private let maximumBytes: Int
  private let client: ControlClient
  private let s3: S3Client
  private var results: [Result<[UInt8], AWSError>?]
  private var started = 0
  private var failure: (any Error)?

  init(
    _ objects: [ListedObject], in bucket: String, width: Int, maximumBytes: Int,
    client: ControlClient
  ) {
    self.objects = objects
    self.bucket = bucket
    self.width = width
    self.maximumBytes = maximumBytes
    self.client = client
    s3 = client.objects()
    results = Array(repeating: nil, count: objects.count)
  }

  func read() throws -> [Result<[UInt8], AWSError>] {
    for _ in 0..<min(width, objects.count) { startNext() }
    client.aws.run()
    if let failure { throw failure }
    // A call that Ctrl-C ended between two attempts has no result.
    return try results.map { result in
      guard let result else { throw Interrupted(activity: "objects of \(bucket)") }
      return result
    }
  }

  /// Starts one read, which starts another when it ends.
  private func startNext() {
    guard started < objects.count, failure == nil else { return }
    let index = started
    started += 1
    do {
      s3.getObject(
        bucket: bucket, key: objects[index].key, versionID: nil, maximumBytes: maximumBytes,
        in: try client.objectContext()
      ) { result in
        self.results[index] = result.map(\.bytes).mapError {
          ControlClient.advised($0, needs: "s3:GetObject on the objects of \(self.bucket)")
        }
        self.startNext()
      }
    } catch {
      failure = error
    }
  }
}

extension ControlClient {
  /// An address with which anyone can read one object for a while; nothing is sent.
  ///
  /// - Parameter expiresInSeconds: 1 to 604,800; it ends earlier with temporary credentials.
  /// - Throws: `CredentialError`.
  package func presignedURL(
    _ location: S3Location, versionID: String?, expiresInSeconds: Int
  ) throws -> String {
    let url = objects().presignedGetURL(
      bucket: location.bucket, key: location.key, versionID: versionID,
      expiresInSeconds: expiresInSeconds, in: try objectContext())
    guard let url else { throw Refusal("There are no credentials to sign an address with") }
    return url
  }
}
