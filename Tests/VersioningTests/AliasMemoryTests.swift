import Testing
import Versioning

@Suite struct AliasMemoryTests {
  @Test(arguments: [
    ("", "", nil), ("Breeds", "Breeds", nil),
    ("[previous: 6←5]", "", AliasMemory.Move(to: "6", from: "5")),
    ("Breeds [previous: 12←9]", "Breeds", .init(to: "12", from: "9")),
    ("[previous: 5]", "", .init(to: nil, from: "5")),
    ("[previous: x]", "[previous: x]", nil), ("[previous: ]", "[previous: ]", nil),
    ("[previous: 6←5←4]", "[previous: 6←5←4]", nil),
    ("[deprovisioned: 0]", "[deprovisioned: 0]", nil),
    ("[previous: 6←5; color: red]", "[previous: 6←5; color: red]", nil),
    ("[previous: 5] more", "[previous: 5] more", nil),
    ("a [previous: 2←1] [previous: 3←2]", "a [previous: 2←1]", .init(to: "3", from: "2")),
  ])
  func descriptionIsTakenApart(description: String, text: String, previous: AliasMemory.Move?) {
    let memory = AliasMemory(description: description)
    #expect(memory.text == text)
    #expect(memory.previous == previous)
    #expect(memory.description == description)
  }

  @Test func everythingIsReadBack() {
    var memory = AliasMemory(
      text: "Breeds", previous: .init(to: "6", from: "5"), rolledBack: .init(to: "5", from: "6"),
      watch: .init(version: "7", since: 1_795_666_200), deprovisioned: 3)
    memory.addFailure(ofCode: "vMggwEROoc4xwqbOIbZIS4WwgusRrxGY1shfW8pfOKA=")
    #expect(
      memory.description == """
        Breeds [previous: 6←5; rolled back: 5←6; failed: vMggwEROoc4x; watching: 7 since 2026-11-26T04:10Z; \
        deprovisioned: 3]
        """)
    #expect(AliasMemory(description: memory.description) == memory)
  }

  @Test func longTextGivesWayToTheMemory() {
    var memory = AliasMemory(
      text: String(repeating: "ä🐕", count: 256), previous: .init(to: "12345", from: "12344"),
      rolledBack: .init(to: "12344", from: "12345"),
      watch: .init(version: "12346", since: 1_795_666_200), deprovisioned: 100_000)
    for number in 1...9 { memory.addFailure(ofCode: "\(number)23456789012345") }
    #expect(memory.description.utf16.count <= AliasMemory.maximumCharacters)
    let read = AliasMemory(description: memory.description)
    #expect(read.previous == memory.previous)
    #expect(read.watch == memory.watch)
    #expect(read.deprovisioned == memory.deprovisioned)
    #expect(read.failed.count == 5)
    #expect(read.hasFailed(code: "923456789012345"))
    #expect(!read.hasFailed(code: "123456789012345"))
  }
}
