import Foundation
import JSON
import Testing

@Suite struct RoundTripTests {
  @Test func whatIsWrittenReadsBackEqual() throws {
    var values = ValueGenerator(seed: 5)
    for _ in 0..<5000 {
      let value = values.value()
      let bytes = value.serialized()
      let read = try JSONValue(parsing: bytes)
      #expect(read == value)
      #expect(read.serialized() == bytes)
    }
  }

  @Test func foundationReadsWhatIsWritten() throws {
    var values = ValueGenerator(seed: 6)
    for _ in 0..<2000 {
      let value = values.value()
      let theirs = try JSONSerialization.jsonObject(
        with: Data(value.serialized()), options: .fragmentsAllowed)
      #expect(Self.matches(theirs, value), "\(String(decoding: value.serialized(), as: UTF8.self))")
    }
  }

  @Test func whatFoundationWritesIsReadTheSame() throws {
    var values = ValueGenerator(seed: 7)
    for _ in 0..<2000 {
      let value = JSONValue.array([values.value()])
      let theirs = try JSONSerialization.jsonObject(with: Data(value.serialized()))
      let pretty = try JSONSerialization.data(withJSONObject: theirs, options: [.prettyPrinted])
      #expect(Self.matches(theirs, try JSONValue(parsing: Array(pretty))))
    }
  }

  @Test func damagedTextsAreRefusedOrReadToWhatCanBeWrittenAgain() throws {
    var values = ValueGenerator(seed: 8)
    for _ in 0..<5000 {
      var bytes = values.value().serialized()
      for _ in 0..<Int.random(in: 1...3, using: &values.generator) {
        let index = Int.random(in: 0..<max(bytes.count, 1), using: &values.generator)
        switch Int.random(in: 0..<3, using: &values.generator) {
        case 0 where !bytes.isEmpty: bytes.remove(at: index)
        case 1 where !bytes.isEmpty:
          bytes[index] = UInt8.random(in: 0...255, using: &values.generator)
        default:
          bytes.insert(
            Array("[]{}\",:\\u0-.e".utf8).randomElement(using: &values.generator) ?? 0, at: index)
        }
      }
      guard let value = try? JSONValue(parsing: bytes) else { continue }
      #expect(try JSONValue(parsing: value.serialized()) == value)
    }
  }

  private static func matches(_ theirs: Any, _ ours: JSONValue) -> Bool {
    switch ours {
    case .null: return theirs is NSNull
    case .bool(let value): return (theirs as? Bool) == value
    case .number(let number):
      guard let theirs = theirs as? NSNumber else { return false }
      // Foundation stores some of them as `Decimal`, whose double differs by a bit or two.
      if let integer = number.int64Value { return theirs.int64Value == integer }
      return abs(theirs.doubleValue - number.doubleValue) <= abs(number.doubleValue) * 1e-14
    case .string(let text):
      return (theirs as? String).map { Array($0.utf8) == Array(text.utf8) } ?? false
    case .array(let elements):
      guard let theirs = theirs as? [Any], theirs.count == elements.count else { return false }
      return zip(theirs, elements).allSatisfy { matches($0, $1) }
    case .object(let object):
      guard let theirs = theirs as? [String: Any], theirs.count == object.members.count else {
        return false
      }
      return object.members.allSatisfy { member in
        theirs[member.key].map { matches($0, member.value) } ?? false
      }
    }
  }
}
