/// A JSON text that is mostly numbers, such as the reply of a model.
///
/// A list of numbers is one array of doubles, and strings stay in the text until they are read, so that
/// megabytes of reply take little more memory than the text itself. `JSONValue` takes 24 bytes and more for
/// each value.
///
/// Reads what Python and TensorFlow write beyond RFC 8259: the three tokens `NaN`, `Infinity` and
/// `-Infinity`, a byte order mark, and several values on a line each (JSON Lines), which become one array.
/// Escapes and UTF-8 in strings are not checked; malformed ones become U+FFFD.
public final class NumericJSON {
  /// A value of the text.
  public enum Value {
    case null
    case bool(Bool)
    /// A number and its number of decimals; see `NumberList`.
    case number(Double, decimals: Int)
    /// A string as it stands in the text, between its quotes.
    case string(Range<Int>)
    /// An array of numbers, at least one.
    case numbers(NumberList)
    /// Any other array.
    case array([Value])
    /// An object, members in their order.
    case object([(key: Range<Int>, value: Value)])
  }

  /// Why a text cannot be read.
  public enum Failure: Error {
    case notJSON(JSONError)
    /// There are more values than the limit.
    case tooManyValues
  }

  /// The deepest nesting that is read. Replies of models have five levels.
  public static let depthLimit = 32

  /// The text.
  public let bytes: [UInt8]
  private let value: Value

  /// The outermost value.
  public var root: JSONNode { JSONNode(document: self, value: value) }

  /// Reads a text.
  ///
  /// - Parameter maximumValues: how many numbers, strings, lists, and so on there may be in all.
  public init(parsing bytes: [UInt8], maximumValues: Int) throws(Failure) {
    self.bytes = bytes
    value = try unsafe bytes.withUnsafeBufferPointer { buffer throws(Failure) in
      var reader = NumericReader(unsafe InputBytes(buffer), maximumValues: maximumValues)
      do throws(JSONError) {
        return try reader.document()
      } catch {
        throw reader.remaining < 0 ? .tooManyValues : .notJSON(error)
      }
    }
  }

  /// A tree that was not read from JSON, over a text that holds its strings.
  public init(bytes: [UInt8], value: Value) {
    self.bytes = bytes
    self.value = value
  }

  /// A string of the text, unescaped.
  public func text(_ range: Range<Int>) -> String {
    let isPlain = !bytes[range].contains(UInt8(ascii: "\\"))
    if !isPlain, range.lowerBound > 0,
      let text = unsafe bytes.withUnsafeBufferPointer({ buffer -> String? in
        var parser = JSONParser(unsafe InputBytes(buffer), maximumDepth: 1)
        parser.offset = range.lowerBound - 1
        return try? parser.string()
      })
    {
      return text
    }
    return String(decoding: bytes[range], as: UTF8.self)
  }
}

/// Numbers as a model wrote them.
public struct NumberList: Equatable {
  /// In their order; NaN and infinities included.
  public var values: [Double]
  /// The most digits behind the decimal point that any of them was written with, an exponent counted in:
  /// 2 for `0.25`, 5 for `1e-5`.
  public var decimals: Int

  /// The decimals of numbers that came as binary, not as text.
  public static let binaryDecimals = Int.max

  /// Numbers with the given number of decimals.
  public init(_ values: [Double], decimals: Int) {
    self.values = values
    self.decimals = decimals
  }
}
