import Testing
import Versioning

@Suite struct AliasMemoryTests {
  @Test(arguments: [
    ("", "", nil), ("Breeds", "Breeds", nil), ("[previous: 5]", "", "5"),
    ("Breeds [previous: 12]", "Breeds", "12"), ("[previous: x]", "[previous: x]", nil),
    ("[previous: ]", "[previous: ]", nil), ("[previous: 5] more", "[previous: 5] more", nil),
    ("a [previous: 1] [previous: 2]", "a [previous: 1]", "2"),
  ])
  func descriptionIsTakenApart(description: String, text: String, previous: String?) {
    let memory = AliasMemory(description: description)
    #expect(memory.text == text)
    #expect(memory.previous == previous)
    #expect(memory.description == description)
  }

  @Test func longTextGivesWayToTheMemory() {
    let memory = AliasMemory(text: String(repeating: "ä", count: 256), previous: "123")
    #expect(memory.description.count == AliasMemory.maximumCharacters)
    #expect(AliasMemory(description: memory.description).previous == "123")
  }
}
