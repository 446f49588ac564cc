import AWSClient
import AWSControl

/// Where results are read from: a bucket, or the parts of an export.
package protocol ResultSource: AnyObject {
  /// What could not be read so far.
  var trouble: ResultTrouble { get }
  /// Receives the number of results after each page or part.
  var onProgress: (Int) -> Void { get set }

  /// Reads the results one after the other.
  ///
  /// - Parameters:
  ///   - ranking: how many classes of each are read.
  ///   - take: gets a result and the bytes of its document; returns false to stop.
  /// - Throws: what `take` throws; `AWSError`, `ResultProblem`, `Interrupted`.
  func forEach(ranking: Int, _ take: (StoredResult, [UInt8]) throws -> Bool) throws
}

/// What was left out while results were read.
package struct ResultTrouble: Sendable, Equatable {
  /// Objects below the prefix that are not documents of the function by their key.
  package internal(set) var otherObjects = 0
  /// Documents that were removed between the listing and the read.
  package internal(set) var removed = 0
  /// Documents that are not as the function writes them.
  package internal(set) var unreadable = 0
  /// The first of them.
  package internal(set) var examples: [(key: String, problem: String)] = []

  package static func == (left: ResultTrouble, right: ResultTrouble) -> Bool {
    left.otherObjects == right.otherObjects && left.removed == right.removed
      && left.unreadable == right.unreadable
      && left.examples.elementsEqual(right.examples, by: ==)
  }

  mutating func add(_ key: String, _ problem: ResultProblem) {
    unreadable += 1
    if examples.count < 3 { examples.append((key, problem.description)) }
  }

  /// A line for each kind.
  package var lines: [String] {
    var lines: [String] = []
    if otherObjects > 0 { lines.append("\(otherObjects) objects are not results by their key") }
    if removed > 0 { lines.append("\(removed) results were removed meanwhile") }
    if unreadable > 0 {
      let examples = examples.map { "\($0.key) \($0.problem)" }.joined(separator: "; ")
      lines.append("\(unreadable) results are not readable: \(examples)")
    }
    return lines
  }
}

/// The results in a bucket, page by page: a million of them take the memory of a page.
package final class BucketResults: ResultSource {
  /// Documents are about 70 bytes per class.
  private static let maximumBytes = 8 << 20

  private let keys: ResultKeys
  private let filter: ResultFilter
  private let position: String?
  private let client: ControlClient
  package private(set) var trouble = ResultTrouble()
  package var onProgress: (Int) -> Void = { _ in }
  private var count = 0

  /// - Parameter position: the key of a document: only those that follow it are read.
  package init(
    _ keys: ResultKeys, _ filter: ResultFilter, after position: String? = nil,
    with client: ControlClient
  ) {
    (self.keys, self.filter, self.position, self.client) = (keys, filter, position, client)
  }

  /// Lists the documents without reading them; only images and times of the filter apply.
  ///
  /// - Parameter take: returns false to stop.
  package func forEachListed(
    _ take: (ListedObject, ImageReference) throws -> Bool
  ) throws {
    try forEachPage { page in
      for (object, image) in page {
        count += 1
        guard try take(object, image) else { return false }
      }
      return true
    }
  }

  package func forEach(
    ranking: Int, _ take: (StoredResult, [UInt8]) throws -> Bool
  ) throws {
    try forEachPage { page in
      var goesOn = true
      let objects = page.map(\.object)
      try client.readObjects(objects, in: keys.bucket, maximumBytes: Self.maximumBytes) {
        index, result in
        guard let bytes = try bytes(result, of: objects[index]),
          let stored = read(bytes, of: objects[index], ranking: ranking), filter.takes(stored)
        else { return true }
        count += 1
        goesOn = try take(stored, bytes)
        return goesOn
      }
      return goesOn
    }
  }

  private func bytes(
    _ result: Result<[UInt8], AWSError>, of object: ListedObject
  ) throws -> [UInt8]? {
    switch result {
    case .success(let bytes): return bytes
    case .failure(let error) where error.code == .noSuchKey:
      trouble.removed += 1
      return nil
    case .failure(let error) where error.code == .bodyTooLarge:
      trouble.add(object.key, ResultProblem("has more than \(Self.maximumBytes >> 20) MiB"))
      return nil
    case .failure(let error) where error.code.rawValue == "InvalidObjectState":
      trouble.add(object.key, ResultProblem("is archived"))
      return nil
    case .failure(let error): throw error
    }
  }

  private func read(_ bytes: [UInt8], of object: ListedObject, ranking: Int) -> StoredResult? {
    do throws(ResultProblem) {
      return StoredResult(
        key: object.key, writtenUnixMilliseconds: object.lastModifiedUnixMilliseconds,
        document: try ResultDocument(parsing: bytes, ranking: ranking))
    } catch {
      trouble.add(object.key, error)
      return nil
    }
  }

  private func forEachPage(
    _ take: ([(object: ListedObject, image: ImageReference)]) throws -> Bool
  ) throws {
    let places = keys.locations(ofImagesBelow: filter.images)
    // Where an earlier run stopped: the places before are done.
    let first = position.flatMap { position in
      places.firstIndex { position.utf8.starts(with: $0.key.utf8) }
    }
    for (index, place) in places.enumerated() where index >= first ?? 0 {
      let pages = ObjectPages(of: place, after: index == first ? position : nil, with: client)
      while let page = try pages.next() {
        if client.isInterrupted?() == true { throw Interrupted(activity: "results in \(place)") }
        guard try take(documents(of: page)) else { return }
        onProgress(count)
      }
    }
  }

  private func documents(
    of page: ObjectPage
  ) -> [(object: ListedObject, image: ImageReference)] {
    page.objects.compactMap { object in
      guard let image = keys.image(ofKey: object.key) else {
        trouble.otherObjects += 1
        return nil
      }
      guard filter.mayTake(writtenUnixMilliseconds: object.lastModifiedUnixMilliseconds) else {
        return nil
      }
      return (object, image)
    }
  }
}

@available(*, unavailable)
extension BucketResults: Sendable {}
