import AWSClient
import LambdaEvents
import S3

extension ImageTask {
  func read(_ object: S3ObjectReference, _ completion: @escaping Completion) {
    if let size = object.sizeBytes.map({ Int(clamping: $0) }),
      size <= tools.configuration.maximumImageBytes,
      let problem = tools.configuration.memory.problem(withImageBytes: size)
    {
      return fail("Image.NotEnoughMemory", problem, 413, isRejection: false, completion)
    }
    tools.s3.getObject(
      bucket: object.bucket, key: object.key, versionID: object.versionID,
      maximumBytes: expectedBytes, isSentOn: tools.configuration.requestFormat.sendsImage,
      in: context
    ) { result in
      self.measurements.s3Milliseconds = self.lap()
      switch result {
      case .failure(let error) where error.code == .bodyTooLarge:
        self.readLarger(error, completion)
      case .failure(let error): self.fail(.reading(self.source, error), completion)
      case .success(let image) where object.isFolder(sizeBytes: Int64(image.byteCount)):
        self.fail(
          ClassificationError.folderType, "the object is a folder of the console, not an image",
          400, completion)
      case .success(let image) where image.byteCount == 0:
        self.fail("Image.Empty", "the object has 0 bytes", 400, completion)
      case .success(let image):
        self.eTag = image.eTag
        self.versionID = image.versionID
        self.measurements.imageBytes = image.byteCount
        if let received = image.receivedBody {
          self.classify(received, completion)
        } else {
          self.classify(image: image.bytes, declaredType: nil, completion)
        }
      }
    }
    tools.sageMaker.connect()
  }

  /// The object is larger than was admitted: it was replaced since its event, or never fits.
  private func readLarger(_ error: AWSError, _ completion: @escaping Completion) {
    let configuration = tools.configuration
    let size = error.refusedBodyBytes ?? configuration.maximumImageBytes
    guard size <= configuration.maximumImageBytes, expectedBytes < configuration.maximumImageBytes
    else { return fail(.reading(source, explained(error)), completion) }
    if let problem = configuration.memory.problem(withImageBytes: size) {
      return fail("Image.NotEnoughMemory", problem, 413, isRejection: false, completion)
    }
    expectedBytes = size
    completion(.needsMoreMemory)
  }
}
