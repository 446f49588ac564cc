import Foundation

/// A safetensors file: the length of the header as a little-endian u64, the header in JSON (for each tensor its type,
/// shape and place), then the tensors' bytes, little-endian as every machine that Swift runs on.
/// https://github.com/huggingface/safetensors#format
struct WeightFile {
  private static let format = "efficientnet-lite0-dogs"
  private static let version = "1"

  private let entries: [String: Entry]
  private let tensors: Data

  init(contentsOf url: URL) throws(ModelResourceError) {
    do {
      let data = try Data(contentsOf: url, options: .alwaysMapped)
      guard data.count >= 8 else { throw ModelResourceError("it has no header") }
      let headerCount = data.withUnsafeBytes {
        UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))
      }
      guard headerCount <= UInt64(data.count - 8) else {
        throw ModelResourceError("the header is cut short")
      }
      let headerEnd = 8 + Int(headerCount)
      entries = try JSONDecoder().decode([String: Entry].self, from: data[8..<headerEnd])
      tensors = data[headerEnd...]
    } catch {
      throw ModelResourceError("\(url.path) cannot be read: \(error)")
    }
    guard case .metadata(let metadata)? = entries["__metadata__"],
      metadata["format"] == Self.format, metadata["version"] == Self.version
    else {
      throw ModelResourceError("\(url.path) is not of format \(Self.format) \(Self.version)")
    }
  }

  /// The values of the tensor of this name, in row-major order.
  ///
  /// Checks everything before any memory is read, as a debug build of this module has no checks of its own.
  func values(of name: String, shape: [Int]) throws(ModelResourceError) -> [Float] {
    guard case .tensor(let tensor)? = entries[name], tensor.shape == shape,
      tensor.data_offsets.count == 2
    else {
      throw ModelResourceError("the weights hold no tensor \(name) of shape \(shape)")
    }
    let (start, end) = (tensor.data_offsets[0], tensor.data_offsets[1])
    let count = shape.reduce(1, *)
    let isHalf = tensor.dtype == "F16"
    guard isHalf || tensor.dtype == "F32", start >= 0, start <= end, end <= tensors.count,
      end - start == count * (isHalf ? 2 : 4)
    else {
      throw ModelResourceError("the tensor \(name) does not lie within the weights")
    }
    return tensors.withUnsafeBytes { bytes in
      [Float](unsafeUninitializedCapacity: count) { values, initializedCount in
        for index in 0..<count where isHalf {
          values[index] = Self.float(
            half: bytes.loadUnaligned(fromByteOffset: start + 2 * index, as: UInt16.self))
        }
        for index in 0..<count where !isHalf {
          values[index] = bytes.loadUnaligned(fromByteOffset: start + 4 * index, as: Float.self)
        }
        initializedCount = count
      }
    }
  }

  /// A finite fp16 number as Float. Float16 would call a function of the C runtime for each number; moving
  /// the bits into place leaves only the exponent's bias to mend, which one product does.
  @inline(__always)
  private static func float(half: UInt16) -> Float {
    let biasDifference = Float(sign: .plus, exponent: 127 - 15, significand: 1)
    let magnitude = Float(bitPattern: UInt32(half & 0x7FFF) << 13) * biasDifference
    return Float(bitPattern: magnitude.bitPattern | UInt32(half & 0x8000) << 16)
  }
}

extension WeightFile {
  private enum Entry: Decodable {
    case tensor(Tensor)
    case metadata([String: String])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let tensor = try? container.decode(Tensor.self) {
        self = .tensor(tensor)
      } else {
        self = .metadata(try container.decode([String: String].self))
      }
    }
  }

  private struct Tensor: Decodable {
    let dtype: String
    let shape: [Int]
    let data_offsets: [Int]
  }
}
