import LoopbackServer
import Testing

@Suite struct BrowserGuardTests {
  private func refusal(_ headers: (String, String)...) -> String? {
    BrowserGuard.refusal(
      of: ReceivedHTTPRequest(
        method: "POST", target: "/", headers: headers.map { (name: $0.0, value: $0.1) }))
  }

  @Test(arguments: [
    "127.0.0.1", "127.0.0.1:9001", "localhost", "LocalHost:80", "[::1]", "[::1]:9001",
    "127.8.9.1:1",
  ])
  func theNamesOfThisMachineAreAnswered(host: String) {
    #expect(refusal(("Host", host)) == nil)
  }

  @Test(arguments: [
    "attacker.example", "attacker.example:9001", "127.0.0.1.attacker.example",
    "localhost.attacker.example",
    "192.168.0.7:9001", "0.0.0", "128.0.0.1", "127.0.0", "127.0.0.1.1", "127.0.0.256",
    "127.0.0.0x1",
    "127.1", "2130706433", "[::2]", "::1", "", "localhost:", "localhost:x", "127.0.0.1:9001:9001",
    "127.0.0.1 ",
    "user@127.0.0.1",
  ])
  func anyOtherHostIsRefusedWithASentence(host: String) throws {
    let sentence = try #require(refusal(("Host", host)))
    #expect(sentence.hasPrefix("Refused: the host \"\(host)\" is not this machine."))
  }

  @Test func programsWithoutAHostAreAnswered() {
    #expect(refusal() == nil)
    #expect(refusal(("User-Agent", "aws-cli/2"), ("Host", "127.0.0.1:9001")) == nil)
  }

  @Test func aSecondHostIsRefused() {
    #expect(refusal(("Host", "127.0.0.1"), ("host", "127.0.0.1")) != nil)
    #expect(refusal(("Host", "127.0.0.1"), ("host", "attacker.example")) != nil)
  }

  @Test func theServersOwnPageIsAnswered() {
    #expect(
      refusal(
        ("Host", "127.0.0.1:9001"), ("Origin", "http://127.0.0.1:9001"),
        ("Sec-Fetch-Site", "same-origin"))
        == nil)
    #expect(refusal(("Host", "localhost:1"), ("Origin", "http://localhost:1")) == nil)
    #expect(refusal(("Host", "127.0.0.1:9001"), ("Sec-Fetch-Site", "none")) == nil)
  }

  @Test(arguments: [
    "https://attacker.example", "http://127.0.0.1:3000", "http://localhost:9001",
    "https://127.0.0.1:9001",
    "null", "", "http://127.0.0.1:9001/", "http://127.0.0.1:9001.attacker.example",
  ])
  func anotherOriginIsRefusedWithASentence(origin: String) throws {
    let sentence = try #require(refusal(("Host", "127.0.0.1:9001"), ("Origin", origin)))
    #expect(sentence.hasPrefix("Refused: a page of another origin, \"\(origin)\""))
    #expect(
      sentence.hasSuffix("Type http://127.0.0.1:9001 into the address bar of the browser instead."))
  }

  @Test func aSecondForeignOriginIsRefused() {
    #expect(
      refusal(
        ("Host", "127.0.0.1"), ("Origin", "http://127.0.0.1"), ("Origin", "http://attacker.example")
      )
        != nil)
  }

  @Test(arguments: ["cross-site", "same-site", "unheard-of", ""])
  func aRequestOfAnotherPageWithoutAnOriginIsRefused(site: String) {
    #expect(refusal(("Host", "127.0.0.1:9001"), ("Sec-Fetch-Site", site)) != nil)
  }

  @Test func aLongNameIsCutInTheSentence() throws {
    let sentence = try #require(refusal(("Host", String(repeating: "a", count: 5000))))
    #expect(sentence.utf8.count < 300)
  }
}
