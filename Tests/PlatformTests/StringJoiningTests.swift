import Platform
import Testing

@Suite struct StringJoiningTests {
  @Test func partsAreJoinedInTheirOrder() {
    #expect(String(joining: "s3://", "photos", "/", "été/🐕.jpg", "") == "s3://photos/été/🐕.jpg")
    #expect(String(joining: "") == "")
    #expect(String(joining: "e", "\u{301}") == "é")
  }
}
