import AWSControl
import Results

/// Finds the result of one image.
struct ResultLookup {
  let keys: ResultKeys
  private let client: ControlClient

  init(_ keys: ResultKeys, with client: ControlClient) {
    self.keys = keys
    self.client = client
  }

  /// What an argument may mean.
  ///
  /// - Parameter text: `s3://BUCKET/KEY`, the key of a document, or the key of an image, of whatever bucket has
  ///   results.
  /// - Throws: `Refusal` when images of several buckets have results, or none have.
  func images(of text: String, versionID: String?) throws -> [ImageReference] {
    if let images = try knownImages(of: text, versionID: versionID) { return images }
    throw Refusal(
      "\(keys.location) has no results yet", advice: "Pass the image as s3://BUCKET/KEY")
  }

  /// As `images`, but nil while there are no results at all.
  func knownImages(of text: String, versionID: String?) throws -> [ImageReference]? {
    if let location = S3Location(text) {
      if location.bucket == keys.bucket, let image = keys.image(ofKey: location.key) {
        return [image]
      }
      return [ImageReference(bucket: location.bucket, key: location.key, versionID: versionID)]
    }
    if !keys.prefix.isEmpty, let image = keys.image(ofKey: text) { return [image] }
    let buckets = try imageBuckets()
    guard buckets.count < 2 else {
      throw Refusal(
        "Images of several buckets have results: \(buckets.joined(separator: ", "))",
        advice: "Pass the image as s3://BUCKET/KEY")
    }
    return buckets.first.map { [ImageReference(bucket: $0, key: text, versionID: versionID)] }
  }

  private func imageBuckets() throws -> [String] {
    var buckets = Set<String>()
    let pages = ObjectPages(of: keys.location, delimiter: "/", with: client)
    while let page = try pages.next() {
      for prefix in page.commonPrefixes {
        if let image = keys.image(ofKey: prefix + "a/b.json") { buckets.insert(image.bucket) }
      }
    }
    return buckets.sorted()
  }

  /// The newest document of an image: of a version if it has one, else of any version.
  func newest(of images: [ImageReference]) throws -> ListedObject? {
    var found: [ListedObject] = []
    for image in images {
      let key = keys.key(for: image)
      found += try documents(key) { $0.utf8.elementsEqual(key.utf8) }
      guard image.versionID == nil else { continue }
      let versions = keys.key(
        for: ImageReference(bucket: image.bucket, key: image.key, versionID: "")
      ).dropLast(".json".count)
      found += try documents(String(versions)) {
        keys.image(ofKey: $0)?.isVersion(of: image) == true
      }
    }
    return found.max { $0.lastModifiedUnixMilliseconds < $1.lastModifiedUnixMilliseconds }
  }

  private func documents(
    _ beginning: String, _ isWanted: (String) -> Bool
  ) throws -> [ListedObject] {
    // A delimiter leaves out what is below: other images whose keys begin so.
    let pages = ObjectPages(
      of: S3Location(bucket: keys.bucket, key: beginning), delimiter: "/", with: client)
    var found: [ListedObject] = []
    while let page = try pages.next() { found += page.objects.filter { isWanted($0.key) } }
    return found
  }
}

extension ImageReference {
  fileprivate func isVersion(of image: ImageReference) -> Bool {
    self == ImageReference(bucket: image.bucket, key: image.key, versionID: versionID)
  }
}
