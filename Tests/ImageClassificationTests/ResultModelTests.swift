import JSON
import LambdaEvents
import Platform
import S3
import TestSupport
import Testing

@testable import ImageClassification

/// Deliveries of events and requests for a few objects, several at the same time, each of whose calls may be lost, may
/// lose its answer, or may be the last one of a process that is killed; on a model of S3 with the guarantees of S3:
/// strong consistency and conditional writes. The order is random, and the same for the same seed.
@Suite struct ResultModelTests {
  @Test func theResultOfTheNewestEventRemainsWhateverHappens() throws {
    var counts = ResultModel.Counts()
    for seed in 0..<5_000 {
      var model = try ResultModel(seed: UInt64(seed))
      model.run()
      model.check(seed: seed)
      counts.add(model.counts)
    }
    print("ResultModelTests: 5,000 runs, \(counts)")
    // Otherwise the model would prove little.
    for count in counts.all { #expect(count.value > 1_000, "\(count.name)") }
  }
}

private struct ResultModel {
  struct Counts: CustomStringConvertible {
    var all: [(name: String, value: Int)] = []

    mutating func add(_ name: String, _ value: Int = 1) {
      if let index = all.firstIndex(where: { $0.name == name }) {
        all[index].value += value
      } else {
        all.append((name, value))
      }
    }

    mutating func add(_ other: Counts) { for count in other.all { add(count.name, count.value) } }

    var description: String { all.map { "\($0.value) \($0.name)" }.joined(separator: ", ") }
  }

  /// An event, or a request without a sequencer.
  struct Source {
    let object: Int
    let sequencer: Int?
    var isAcknowledged = false
  }

  struct Delivery {
    let number: Int
    let source: Int
    var write: ResultWrite
    var step = ResultWrite.Step.put(.ifAbsent)
    var attempts = 0
  }

  struct Stored {
    let bytes: [UInt8]
    let source: Int
    let delivery: Int
    let sequencer: String?
  }

  /// No two of them may share a document.
  private static let objects = [
    S3ObjectReference(bucket: "photos", key: "a.jpg"),
    S3ObjectReference(bucket: "photos", key: "a.jpg", versionID: "v1"),
    S3ObjectReference(bucket: "photos", key: "a.jpg", versionID: "v1.json"),
    S3ObjectReference(bucket: "photos", key: "a.jpg.v1"),
    S3ObjectReference(bucket: "photos", key: "a.jpg/v1"),
    S3ObjectReference(bucket: "photos", key: "a.jpg.v1", versionID: "v1"),
  ]

  private let keys: [String]
  private var random: SeededGenerator
  private var sources: [Source] = []
  private var waiting: [Int] = []
  private var active: [Delivery] = []
  private var deliveryCount = 0
  /// Everything that was ever written at a key; the last one is there now.
  private var history: [String: [Stored]] = [:]
  private(set) var counts = Counts()
  private var problems: [String] = []

  init(seed: UInt64) throws {
    random = SeededGenerator(seed: seed)
    let location = try ResultLocation(
      environment: Environment(["RESULT_BUCKET": "results", "RESULT_PREFIX": "dogs"]))
    keys = Self.objects.map { location?.key(for: $0) ?? "" }
    for object in Self.objects.indices {
      for number in 0..<Int.random(in: 0...3, using: &random) {
        sources.append(Source(object: object, sequencer: number))
      }
      for _ in 0..<Int.random(in: 0...1, using: &random) {
        sources.append(Source(object: object, sequencer: nil))
      }
    }
    // At least once.
    waiting = sources.indices.flatMap { isLucky(0.2) ? [$0, $0] : [$0] }
    waiting.shuffle(using: &random)
  }

  private mutating func isLucky(_ share: Double) -> Bool {
    Double.random(in: 0..<1, using: &random) < share
  }

  /// Delivers everything until it is acknowledged.
  mutating func run() {
    while !waiting.isEmpty || !active.isEmpty {
      if !waiting.isEmpty, active.isEmpty || (active.count < 4 && isLucky(0.4)) {
        start(waiting.removeLast())
      } else {
        step(Int.random(in: active.indices, using: &random))
      }
    }
  }

  private mutating func start(_ source: Int) {
    deliveryCount += 1
    counts.add("deliveries")
    let (number, own) = (deliveryCount, sources[source].sequencer)
    let write = ResultWrite(sequencer: own.map(Self.text)) { kept in
      let sequencer = (own.map(Self.text) ?? kept).map { #""\#($0)""# } ?? "null"
      return Array(#"{"delivery":\#(number),"source":{"sequencer":\#(sequencer)}}"#.utf8)
    }
    active.append(Delivery(number: number, source: source, write: write))
  }

  private static func text(_ sequencer: Int) -> String { "00\(sequencer)" }

  private mutating func step(_ index: Int) {
    switch Double.random(in: 0..<1, using: &random) {
    case ..<0.05:
      counts.add("kills before a call")
      waiting.insert(active.remove(at: index).source, at: 0)
    case ..<0.1:
      counts.add("kills after a call")
      _ = call(active[index])
      waiting.insert(active.remove(at: index).source, at: 0)
    case ..<0.2:
      counts.add("lost requests")
      repeatCall(index)
    case ..<0.3:
      counts.add("lost acknowledgements")
      _ = call(active[index])
      repeatCall(index)
    default: proceed(index)
    }
  }

  /// As `AWSClient` does: three attempts with the same request, and then an error, after which the event returns.
  private mutating func repeatCall(_ index: Int) {
    active[index].attempts += 1
    if active[index].attempts == 3 {
      counts.add("failed calls")
      waiting.insert(active.remove(at: index).source, at: 0)
    }
  }

  private enum Reply {
    case written
    case refused(ResultWrite.Refusal)
    case read(Stored?)
  }

  private mutating func call(_ delivery: Delivery) -> Reply {
    let key = keys[sources[delivery.source].object]
    let current = history[key]?.last
    guard case .put(let condition) = delivery.step else { return .read(current) }
    switch condition {
    case .ifAbsent where current != nil: return .refused(.conditionFailed)
    case .ifUnchanged(let eTag) where current.map(Self.eTag) != eTag:
      return .refused(current == nil ? .removed : .conditionFailed)
    default: break
    }
    let bytes = delivery.write.document
    let document = try? JSONValue(parsing: bytes)
    history[key, default: []].append(
      Stored(
        bytes: bytes, source: delivery.source, delivery: delivery.number,
        sequencer: document?["source"]?["sequencer"]?.stringValue))
    return .written
  }

  private static func eTag(of stored: Stored) -> String { "\"\(stored.delivery)\"" }

  private mutating func proceed(_ index: Int) {
    let next: ResultWrite.Step?
    switch call(active[index]) {
    case .written: next = .stored
    case .refused(let refusal):
      counts.add("refused writes")
      next = active[index].write.next(after: refusal)
    case .read(nil): next = .put(.ifAbsent)
    case .read(let stored?):
      next = active[index].write.next(after: stored.bytes, eTag: Self.eTag(of: stored))
    }
    active[index].attempts = 0
    switch next {
    case .stored: acknowledge(active.remove(at: index), isStored: true)
    case .superseded: acknowledge(active.remove(at: index), isStored: false)
    case let step?: active[index].step = step
    case nil: waiting.insert(active.remove(at: index).source, at: 0)
    }
  }

  private mutating func acknowledge(_ delivery: Delivery, isStored: Bool) {
    sources[delivery.source].isAcknowledged = true
    let source = sources[delivery.source]
    let written = history[keys[source.object]] ?? []
    if isStored {
      if !written.contains(where: { $0.delivery == delivery.number }) {
        problems.append("\(source) was acknowledged and never written")
      }
      return
    }
    counts.add("superseded")
    guard let sequencer = source.sequencer,
      written.contains(where: { $0.sequencer ?? "" > Self.text(sequencer) })
    else { return problems.append("\(source) was superseded by nothing newer") }
  }

  func check(seed: Int) {
    var problems = problems
    for (object, key) in keys.enumerated() {
      let sources = sources.filter { $0.object == object }
      let written = history[key] ?? []
      if written.contains(where: { self.sources[$0.source].object != object }) {
        problems.append("\(key) has the results of two objects")
      }
      for (earlier, later) in zip(written, written.dropFirst()) {
        if later.sequencer ?? "" < earlier.sequencer ?? "" {
          problems.append("\(key): an older event came after a newer one")
        }
        if later.bytes == earlier.bytes { problems.append("\(key): written twice") }
      }
      let newest = sources.compactMap(\.sequencer).max().map(Self.text)
      if written.last?.sequencer != newest {
        problems.append("\(key): \(written.last?.sequencer ?? "-"), not \(newest ?? "-")")
      }
      if sources.contains(where: { !$0.isAcknowledged }) {
        problems.append("\(key): an event was never acknowledged")
      }
    }
    let count = Set(sources.map(\.object)).count
    if history.count != count {
      problems.append("\(history.count) documents for \(count) objects")
    }
    #expect(problems.isEmpty, "seed \(seed): \(problems.joined(separator: "; "))")
  }
}
