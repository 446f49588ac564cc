import JSON
import TestSupport
import Testing

/// Lists of numbers parsed without a tree, compared with the tree.
@Suite struct NumberListTests {
  @Test(arguments: [
    "[1]", " [ 1 , -2.5e3,0.1 ] ", "[[1,2]]", "\t[\n[ 1e400 , -0 ] \r] ",
    "[123456789012345678901234567890]", "[4.35, 0.1234567890123456, 1e-7]",
  ])
  func aListOfNumbersIsReadAsTheTreeHasIt(text: String) throws {
    let numbers = try #require(JSONValue.numbers(in: Array(text.utf8)))
    let tree = try JSONValue(parsing: text)
    let list = tree[0]?.arrayValue ?? tree.arrayValue ?? []
    #expect(numbers == list.compactMap(\.doubleValue))
    #expect(numbers.map(\.sign) == list.compactMap(\.doubleValue?.sign))
  }

  @Test(arguments: 1...50)
  func randomListsAreReadAsTheTreeHasThem(seed: UInt64) throws {
    var generator = ValueGenerator(seed: seed)
    let list = JSONValue.array(
      (0...seed).map { _ in .number(JSONNumber(generator.double())) })
    for text in [list.serialized(), JSONValue.array([list]).serialized()] {
      #expect(JSONValue.numbers(in: text) == list.arrayValue?.compactMap(\.doubleValue))
    }
  }

  @Test(arguments: [
    "", " ", "1", "[]", "[[]]", "[[1],[2]]", "[1,[2]]", "[[1],2]", "[[[1]]]", "[1,]", "[,1]", "[1",
    "[[1]", "[1]]", "[[1]]]", "[1] 2", "[01]", "[1.]", "[.5]", "[-]", "[+1]", "[1e]", "[NaN]",
    "[null]", "[\"1\"]", "[true]", "[{}]", "{\"predictions\":[1]}", "\u{FEFF}[1]", "[1 2]",
  ])
  func everythingElseIsLeftToTheTree(text: String) {
    #expect(JSONValue.numbers(in: Array(text.utf8)) == nil)
  }
}
