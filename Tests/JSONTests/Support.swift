import Foundation
import JSON
import TestSupport

extension SeededGenerator {
  mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &self) == 0 }
}

/// Random values of every kind, with the characters and numbers that are hard to get right.
struct ValueGenerator {
  var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func value(depth: Int = 0) -> JSONValue {
    switch Int.random(in: 0..<(depth < 5 ? 9 : 6), using: &generator) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &generator))
    case 2: return .number(JSONNumber(Int64.random(in: .min ... .max, using: &generator)))
    case 3: return .number(JSONNumber(double()))
    case 4, 5: return .string(string())
    case 6:
      return .array(
        (0..<Int.random(in: 0...6, using: &generator)).map { _ in value(depth: depth + 1) })
    default:
      var object = JSONObject()
      for _ in 0..<Int.random(in: 0...6, using: &generator) {
        object.set(string(), to: value(depth: depth + 1))
      }
      return .object(object)
    }
  }

  /// A finite double: half of them with random bits, half of ordinary magnitude.
  mutating func double() -> Double {
    if generator.chance(2) { return Double.random(in: -1000...1000, using: &generator) }
    while true {
      let value = Double(bitPattern: generator.next())
      if value.isFinite { return value }
    }
  }

  mutating func string() -> String {
    let characters: [Unicode.Scalar] = [
      "a", "Z", "0", " ", "\"", "\\", "/", "\u{0}", "\u{8}", "\u{c}", "\n", "\r", "\t", "\u{1f}",
      "\u{7f}", "\u{80}", "ü", "犬", "\u{2028}", "\u{ffff}", "🐕", "\u{10ffff}",
    ]
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...20, using: &generator) {
      text.append(characters.randomElement(using: &generator) ?? "x")
    }
    return String(text)
  }
}

private final class ResultBox<Result: Sendable>: @unchecked Sendable { var result: Result? }

/// Runs `body` on a thread with a stack of 512 KB, the minimum for a loop thread.
func onSmallStack<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result? {
  let box = ResultBox<Result>()
  let done = DispatchSemaphore(value: 0)
  let thread = Thread {
    box.result = body()
    done.signal()
  }
  thread.stackSize = 512 << 10
  thread.start()
  done.wait()
  return box.result
}
