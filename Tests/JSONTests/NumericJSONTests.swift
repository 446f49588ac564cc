import JSON
import TestSupport
import Testing

/// JSON that is read for its numbers, beside the tree.
@Suite struct NumericJSONTests {
  private func root(_ text: String, maximumValues: Int = 1_000) throws -> JSONNode {
    try NumericJSON(parsing: Array(text.utf8), maximumValues: maximumValues).root
  }

  private func numbers(_ node: JSONNode?) -> NumberList? {
    if case .numbers(let list)? = node?.value { list } else { nil }
  }

  @Test(arguments: [
    "[1]", " [ 1 , -2.5e3,0.1 ] ", "\t[\n 1e400 , -0  \r] ",
    "[123456789012345678901234567890]", "[4.35, 0.1234567890123456, 1e-7]",
  ])
  func aListOfNumbersIsReadAsTheTreeHasIt(text: String) throws {
    let list = try #require(numbers(root(text)))
    let tree = try JSONValue(parsing: text).arrayValue ?? []
    #expect(list.values == tree.compactMap(\.doubleValue))
    #expect(list.values.map(\.sign) == tree.compactMap(\.doubleValue?.sign))
  }

  @Test(arguments: 1...50)
  func randomListsAreReadAsTheTreeHasThem(seed: UInt64) throws {
    var generator = ValueGenerator(seed: seed)
    let list = JSONValue.array(
      (0...seed).map { _ in .number(JSONNumber(generator.double())) })
    let numeric = try NumericJSON(parsing: list.serialized(), maximumValues: 1_000)
    #expect(numbers(numeric.root)?.values == list.arrayValue?.compactMap(\.doubleValue))
  }

  @Test(arguments: 0...20)
  func digitsOfAnyNumberAreReadAsTheTreeHasThem(digitCount: Int) throws {
    for fraction in ["", ".5", ".0", ".000000001", ".12345678", ".98765432109876543", ".1e5"] {
      for integer in ["0", "10", String("92233720368547758079".prefix(max(1, digitCount)))] {
        for zeros in 0...3 {
          let digits =
            String(repeating: "0", count: zeros) + "8419652043718264905".prefix(digitCount)
          let point = fraction.isEmpty ? (digits.isEmpty ? "" : "." + digits) : fraction + digits
          let text = "[\(integer)\(point), -\(integer)\(point) ,\(integer)\(point)]"
          let list = try #require(numbers(root(text)))
          let tree = try JSONValue(parsing: text).arrayValue ?? []
          #expect(list.values == tree.compactMap(\.doubleValue), "\(text)")
          #expect(list.decimals >= 0)
        }
      }
    }
  }

  @Test func membersElementsAndTextsAreFound() throws {
    let node = try root(#"{"a\u0062":[[1,2],"x\ny",true,null,{}],"b":null,"c":"é"}"#)
    #expect(numbers(node["ab"]?.element(0))?.values == [1, 2])
    #expect(node["ab"]?.element(1)?.text == "x\ny")
    #expect(node["ab"]?.elementCount == 5)
    #expect(node["ab"]?.element(5) == nil)
    #expect(node["b"] == nil, "null counts as missing")
    #expect(node["c"]?.text == "é")
    #expect(node.members?.map(\.key) == ["ab", "b", "c"])
  }

  @Test func theDecimalsOfNumbersAreCounted() throws {
    #expect(try numbers(root("[0.25, 1, 0.5000]"))?.decimals == 4)
    #expect(try numbers(root("[1e-5, 25e-1]"))?.decimals == 5)
    #expect(try numbers(root("[1, 25, 1e3]"))?.decimals == 0)
  }

  @Test func pythonsTokensAreNumbers() throws {
    let values = try #require(numbers(root("[NaN, Infinity, -Infinity]"))).values
    #expect(values[0].isNaN && values[1] == .infinity && values[2] == -.infinity)
  }

  @Test func linesOfJSONAreOneArray() throws {
    #expect(try root("{\"a\":1}\n{\"a\":2}\r\n").elements?.map { $0["a"]?.number } == [1, 2])
    #expect(try numbers(root("[1]\n"))?.values == [1])
  }

  @Test func aByteOrderMarkIsSkipped() throws {
    #expect(try numbers(root("\u{FEFF}[1]"))?.values == [1])
  }

  @Test(arguments: [
    "", " ", "[1,]", "[,1]", "[1", "[[1]", "[1]]", "[1] 2", "[01]", "[1.]", "[.5]", "[-]", "[+1]",
    "[1e]", "[Nan]", "[-x]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "\"x", "\"x\\", "tru",
    String(repeating: "[", count: 40) + String(repeating: "]", count: 40),
  ])
  func whatIsNotJSONIsRefused(text: String) {
    #expect(throws: NumericJSON.Failure.self) { try root(text) }
  }

  @Test func moreValuesThanTheLimitAreRefusedBeforeTheyAreRead() throws {
    for text in [
      "[1,2,3,4]", "[[],[],[],[]]", #"{"a":1,"b":2,"c":3,"d":4}"#, #"["a","b","c","d"]"#,
    ] {
      _ = try root(text, maximumValues: 5)
      let failure = #expect(throws: NumericJSON.Failure.self) { try root(text, maximumValues: 4) }
      if case .tooManyValues? = failure { continue }
      Issue.record("\(text) is refused for another reason")
    }
  }

  @Test(arguments: [
    ("1", 1.0), (" +1.5 ", 1.5), (".5", 0.5), ("5.", 5), ("-1e-3", -0.001), ("1E+2", 100),
    ("-Inf", -.infinity), ("Infinity", .infinity),
    ("0.12345678901234567890123", 0.12345678901234567890123), ("1e-00005", 1e-5),
    ("1e-99999999999999999999", 0), ("0e+000000", 0), ("1e99999", .infinity),
  ])
  func aDecimalCellIsANumber(text: String, value: Double) {
    var list = NumberList([], decimals: 0)
    let isRead = list.append(decimal: Array(text.utf8)[...])
    #expect(isRead)
    #expect(list.values == [value])
  }

  @Test(arguments: [
    "", " ", "+", ".", "1 2", "0x1", "1_0", "1e", "1e+", "1e-+5", "1e5_0", "e1", "1.2.3", "--1",
    "infinit", "a", "1,5",
  ])
  func anyOtherCellIsNone(text: String) {
    var list = NumberList([], decimals: 0)
    let isRead = list.append(decimal: Array(text.utf8)[...])
    #expect(!isRead)
    #expect(list.values.isEmpty)
  }
}
