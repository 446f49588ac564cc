import TestSupport
import Testing

@testable import JSON

/// The writer of doubles beside the standard library's `description`, and the reader beside its parser.
@Suite struct ShortestDecimalTests {
  private func text(_ value: Double) -> String {
    var bytes: [UInt8] = []
    bytes.append(json: value)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func description(_ value: Double) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private func read(_ text: String) throws -> Double {
    let document = try NumericJSON(parsing: Array(text.utf8), maximumValues: 1)
    return try #require(document.root.number)
  }

  private func expectSame(_ value: Double) throws {
    #expect(text(value) == description(value))
    #expect(try read(text(value)).bitPattern == value.bitPattern, "\(value)")
  }

  private static let written: [(Double, String)] = [
    (0.1 + 0.2, "0.30000000000000004"), (1e-4, "0.0001"), (9.999e-5, "9.999e-05"),
    (1e-38, "1e-38"), (1.5, "1.5"), (-2.25e-7, "-2.25e-07"), (100, "100"),
    (123_456_789_012_345_680, "1.2345678901234568e+17"), (0x1p53 - 1, "9007199254740991"),
    (0x1p53, "9007199254740992"), (.leastNonzeroMagnitude, "5e-324"), (0, "0"), (-0.0, "-0"),
    (0.007_812_5, "0.0078125"), (1e22, "1e+22"),
    (1.7976931348623157e308, "1.7976931348623157e+308"),
  ]

  @Test(arguments: written)
  func aNumberIsWrittenAsAlways(value: Double, expected: String) throws {
    #expect(text(value) == expected)
    try expectSame(value)
  }

  @Test func everyPowerOfTwoAndItsNeighborsAreWrittenAsTheStandardLibraryDoes() throws {
    for exponent in -1_074...1_023 {
      let power = Double(sign: .plus, exponent: exponent, significand: 1)
      for value in [power, power.nextUp, power.nextDown, -power] { try expectSame(value) }
    }
  }

  @Test func everyPowerOfTenAndItsNeighborsAreWrittenAsTheStandardLibraryDoes() throws {
    for exponent in -323...308 {
      let power = try #require(Double("1e\(exponent)"))
      for value in [power, power.nextUp, power.nextDown] { try expectSame(value) }
    }
  }

  @Test func randomNumbersAreWrittenAsTheStandardLibraryDoes() throws {
    var generator = SeededGenerator(seed: 22)
    for _ in 0..<40_000 {
      let bits = Double(bitPattern: generator.next())
      if bits.isFinite { try expectSame(bits) }
      try expectSame(Double.random(in: 0...1, using: &generator))
      try expectSame(Double(Float.random(in: 0...1, using: &generator)))
      try expectSame(
        Double(
          sign: .plus, exponent: Int.random(in: -140...56, using: &generator),
          significand: Double.random(in: 1..<2, using: &generator)))
      let digits = UInt64.random(in: 1...99_999, using: &generator)
      try expectSame(
        try #require(Double("\(digits)e-\(Int.random(in: 0...40, using: &generator))")))
    }
  }

  /// Otherwise the tests above would compare the standard library with itself.
  @Test func probabilitiesAndLogitsDoNotNeedTheStandardLibrary() {
    for value in [1e-38, 3e-20, 0.5, 1, 17.25, 0x1p53 - 1] {
      #expect(ShortestDecimal(value) != nil)
    }
    for value in [0, -1, 9e-39, 0x1p53, .infinity, .nan] { #expect(ShortestDecimal(value) == nil) }
  }

  /// Probabilities of PyTorch: a float as a double, with 17 digits and an exponent far below -22.
  @Test func smallDecimalsOfManyDigitsAreReadAsTheStandardLibraryReadsThem() throws {
    var generator = SeededGenerator(seed: 23)
    for _ in 0..<40_000 {
      let digits = UInt64.random(in: 1...9_999_999_999_999_999_999, using: &generator)
      for text in [
        "\(digits)e-\(Int.random(in: 17...60, using: &generator))",
        "0.\(String(repeating: "0", count: Int.random(in: 0...50, using: &generator)))\(digits)",
      ] {
        #expect(try read(text).bitPattern == Double(text)?.bitPattern, "\(text)")
      }
    }
  }

  /// m / 2^e is halfway between two doubles if m has 54 bits and is odd.
  @Test func tiesBehindThePointAreRoundedToEven() throws {
    var generator = SeededGenerator(seed: 24)
    for exponent in 1...4 {
      for _ in 0..<2_000 {
        let middle = UInt64.random(in: (1 << 53)..<(1 << 54), using: &generator) | 1
        var decimal = middle
        for _ in 0..<exponent { decimal *= 5 }
        for digits in [decimal - 1, decimal, decimal + 1] {
          let text = "\(digits)e-\(exponent)"
          #expect(try read(text).bitPattern == Double(text)?.bitPattern, "\(text)")
        }
      }
    }
  }

  @Test(arguments: [
    "1", "12345678", "123456789", "1234567890123456789", "12345678901234567890", "0.00000001",
  ])
  func digitsBesideOtherTextAreReadWhole(text: String) throws {
    for suffix in ["", " ", "\n", "          "] {
      #expect(try read(text + suffix) == Double(text))
    }
    let list = try NumericJSON(parsing: Array("[\(text),\(text)]".utf8), maximumValues: 3)
    #expect(list.root.element(1)?.number == Double(text))
  }

  @Test(arguments: [
    "1.", "1.e5", "-", "1.x2345678", "01234567", ".12345678", "1e", "12345678:", "1234567/",
  ])
  func whatIsNoNumberIsRefused(text: String) {
    #expect(throws: NumericJSON.Failure.self) { try read(text) }
  }
}
