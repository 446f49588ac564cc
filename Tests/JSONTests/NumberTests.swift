import Foundation
import TestSupport
import Testing

@testable import JSON

@Suite struct NumberTests {
  private func number(_ text: String) throws -> JSONNumber {
    guard case .number(let number) = try JSONValue(parsing: text) else {
      throw JSONError("not a number", at: 0)
    }
    return number
  }

  @Test(arguments: [
    "0", "-1", "9007199254740993", "-9007199254740993", "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808", "-9223372036854775809", "18446744073709551616",
    "123456789012345678901234567890123456789", "-0", "0.1", "-2.5", "1e999", "-1e999", "1e+22",
    "100000000000000000000000000000000000000000",
  ])
  func keepsItsText(text: String) throws {
    #expect(try number(text).text == text)
    #expect(try JSONValue(parsing: "[\(text)]").serialized() == Array("[\(text)]".utf8))
  }

  @Test func minusZeroStaysMinusZero() throws {
    for text in ["-0", "-0.0", "-0e5"] {
      let value = try number(text)
      #expect(value.doubleValue == 0 && value.doubleValue.sign == .minus)
      #expect(value.text == "-0")
      #expect(value.int64Value == 0)
    }
  }

  @Test func overflowIsInfiniteAndUnderflowIsZero() throws {
    #expect(try number("1e999").doubleValue == .infinity)
    #expect(try number("-1e999").doubleValue == -.infinity)
    #expect(try number("1e99999999999999999999").doubleValue == .infinity)
    #expect(try number("1e-99999999999999999999").doubleValue == 0)
    #expect(try number("1e999").int64Value == nil)
    #expect(try number("1.7976931348623157e308").doubleValue == .greatestFiniteMagnitude)
    #expect(try number("5e-324").doubleValue == .leastNonzeroMagnitude)
  }

  @Test func wholeNumbersAreIntegersInAnyForm() throws {
    #expect(try number("5.0").int64Value == 5)
    #expect(try number("1e3").int64Value == 1000)
    #expect(try number("0.5").int64Value == nil)
    #expect(try number("9223372036854775807").int64Value == .max)
    #expect(try number("-9223372036854775808").int64Value == .min)
    #expect(try number("9223372036854775808").int64Value == nil)
    #expect(try number("9007199254740993.0").int64Value == 9_007_199_254_740_992)
    #expect(try number("9007199254740995.0").int64Value == nil)
  }

  @Test func numbersAreEqualByValue() throws {
    #expect(try number("1") == number("1.0"))
    #expect(try number("10e-1") == number("1"))
    #expect(try number("0") == number("-0"))
    #expect(try number("9007199254740993") != number("9007199254740992"))
    #expect(try number("9007199254740993") != number("9007199254740992.0"))
    #expect(try number("1152921504606846976") == number("1152921504606846976.0"))
    #expect(try number("9223372036854775807") != number("9223372036854775808.0"))
    #expect(try number("-9223372036854775808") == number("-9223372036854775808.0"))
    #expect(try number("18446744073709551616") == number("18446744073709551616"))
    #expect(try number("18446744073709551616") != number("18446744073709551617"))
  }

  @Test func whatIsNotFiniteIsWrittenSoThatNobodyTakesItForAValue() {
    #expect(JSONNumber(Double.infinity).text == "1e999")
    #expect(JSONNumber(-Double.infinity).text == "-1e999")
    #expect(JSONNumber(Double.nan).text == "1e999")
  }

  @Test func everyDoubleComesBackWithTheSameBits() throws {
    var values = ValueGenerator(seed: 1)
    for _ in 0..<100_000 {
      let value = values.double()
      let read = try number(JSONNumber(value).text).doubleValue
      #expect(read.bitPattern == value.bitPattern)
    }
  }

  @Test func decimalsAreReadAsTheStandardLibraryReadsThem() throws {
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<100_000 {
      let digits = String(generator.next()).prefix(Int.random(in: 1...20, using: &generator))
      let places = Int.random(in: 0...digits.count, using: &generator)
      var text =
        "0." + String(repeating: "0", count: Int.random(in: 0...4, using: &generator)) + digits
      if places < digits.count, digits.first != "0" {
        text =
          digits.prefix(digits.count - places) + (places > 0 ? "." + digits.suffix(places) : "")
      }
      if generator.chance(2) { text += "e\(Int.random(in: -40...40, using: &generator))" }
      #expect(try number(text).doubleValue.bitPattern == Double(text)?.bitPattern, "\(text)")
    }
  }

  /// Halfway between two doubles, and slightly to either side, where rounding errors occur.
  @Test func tiesAreRoundedAsTheStandardLibraryRoundsThem() throws {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<20_000 {
      let mantissa = UInt64.random(in: (1 << 53)..<(1 << 54), using: &generator) | 1
      for text in ["\(mantissa).0", "\(mantissa)0e-1", "\(mantissa - 1)9e-1", "\(mantissa)1e-1"] {
        #expect(try number(text).doubleValue.bitPattern == Double(text)?.bitPattern, "\(text)")
      }
      let shift = Int.random(in: 1...27, using: &generator)
      let scaled = "\(generator.next() >> 1)e-\(shift)"
      #expect(try number(scaled).doubleValue.bitPattern == Double(scaled)?.bitPattern, "\(scaled)")
    }
  }

  /// This thread's time on a processor: how busy the machine is does not count.
  private func processorSeconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec
  }

  @Test func megabytesOfDigitsTakeLinearTime() throws {
    let digits = String(repeating: "123456789", count: 400_000)
    let start = processorSeconds()
    #expect(try number(digits).text.utf8.count == 3_600_000)
    #expect(try number("0." + digits).doubleValue == 0.12345678912345678)
    #expect(try number(digits + "e-3600000").doubleValue == 0.12345678912345678)
    #expect(try number("1e-" + digits).doubleValue == 0)
    #expect(processorSeconds() - start < 20, "a quadratic reader takes hours")
  }

  @Test func integersAreAppendedAsTheirDescriptions() {
    var generator = SeededGenerator(seed: 11)
    var values: [Int64] = [0, 1, -1, 9, 10, -10, 99, 100, .min, .max, .min + 1, 1_800_000_000_123]
    for bits in 1..<64 {
      values.append(
        Int64.random(in: -(1 << Int64(bits - 1))...(1 << Int64(bits - 1)), using: &generator))
    }
    for value in values {
      var bytes = Array("n=".utf8)
      bytes.append(decimal: value)
      #expect(String(decoding: bytes, as: UTF8.self) == "n=\(value)")
    }
  }

  @Test func doublesAreAppendedAsTheirDescriptions() {
    var generator = SeededGenerator(seed: 12)
    var values = [0, -0.0, 1, 0.5, 1e-5, 0.0001, 1e-39, 1e-300, 123, 1e16, -0.25, .nan, .infinity]
    for _ in 0..<1_000 { values.append(Double.random(in: 0...1, using: &generator)) }
    for value in values {
      var bytes: [UInt8] = []
      bytes.append(description: value)
      #expect(String(decoding: bytes, as: UTF8.self) == value.description)
    }
  }
}
