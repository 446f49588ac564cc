import JSON

/// How a number lies in the bytes of a tensor.
struct BinaryNumber {
  enum Kind {
    case floatingPoint, brainFloat, signed, unsigned
  }

  let kind: Kind
  /// Bytes of one number: 1, 2, 4, or 8.
  let size: Int
  var isBigEndian = false

  init(_ kind: Kind, size: Int) {
    self.kind = kind
    self.size = size
  }

  /// By Triton's name of a datatype; nil for BYTES, BOOL, and unknown ones.
  init?(triton name: String) {
    switch name {
    case "FP16": self.init(.floatingPoint, size: 2)
    case "BF16": self.init(.brainFloat, size: 2)
    case "FP32": self.init(.floatingPoint, size: 4)
    case "FP64": self.init(.floatingPoint, size: 8)
    case "INT8": self.init(.signed, size: 1)
    case "INT16": self.init(.signed, size: 2)
    case "INT32": self.init(.signed, size: 4)
    case "INT64": self.init(.signed, size: 8)
    case "UINT8": self.init(.unsigned, size: 1)
    case "UINT16": self.init(.unsigned, size: 2)
    case "UINT32": self.init(.unsigned, size: 4)
    case "UINT64": self.init(.unsigned, size: 8)
    default: return nil
    }
  }

  /// By numpy's code such as `<f4`; nil for what is not a number.
  init?(numpy code: String) {
    let code = Array(code.utf8)
    guard code.count == 3, "<>|=".utf8.contains(code[0]) else { return nil }
    let size = Int(code[2] &- UInt8(ascii: "0"))
    guard [1, 2, 4, 8].contains(size) else { return nil }
    switch code[1] {
    case UInt8(ascii: "f") where size > 1: self.init(.floatingPoint, size: size)
    case UInt8(ascii: "i"): self.init(.signed, size: size)
    case UInt8(ascii: "u"): self.init(.unsigned, size: size)
    default: return nil
    }
    isBigEndian = code[0] == UInt8(ascii: ">")
  }

  /// The numbers in these bytes; nil when there are none, more than `maximumCount`, or a part of one.
  func numbers(_ bytes: ArraySlice<UInt8>, maximumCount: Int) -> NumberList? {
    let count = bytes.count / size
    guard count > 0, bytes.count == count * size, count <= maximumCount else { return nil }
    var list = NumberList([], decimals: NumberList.binaryDecimals)
    list.values.reserveCapacity(count)
    for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: size) {
      var bits: UInt64 = 0
      for offset in 0..<size {
        bits = bits << 8 | UInt64(bytes[start + (isBigEndian ? offset : size - 1 - offset)])
      }
      list.values.append(value(bits))
    }
    return list
  }

  private func value(_ bits: UInt64) -> Double {
    switch (kind, size) {
    case (.unsigned, _): Double(bits)
    case (.signed, _):
      Double(Int64(bitPattern: bits << UInt64(64 - 8 * size)) >> Int64(64 - 8 * size))
    case (.brainFloat, _): Double(Float(bitPattern: UInt32(bits) << 16))
    case (_, 2): Self.half(bits)
    case (_, 4): Double(Float(bitPattern: UInt32(bits)))
    default: Double(bitPattern: bits)
    }
  }

  /// A number of IEEE 754's binary16.
  private static func half(_ bits: UInt64) -> Double {
    let fraction = Double(bits & 0x3FF)
    let exponent = Int(bits >> 10 & 0x1F)
    let magnitude: Double =
      switch exponent {
      case 0: fraction * 0x1p-24
      case 31: fraction == 0 ? .infinity : .nan
      default: Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction * 0x1p-10)
      }
    return bits >> 15 == 0 ? magnitude : -magnitude
  }
}
