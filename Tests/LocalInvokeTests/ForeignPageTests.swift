import Foundation
import TestSupport
import Testing

/// A page on the web, and what it can make a browser send to `--serve`.
@Suite struct ForeignPageTests {
  private static let foreign: [[(String, String)]] = [
    [("Host", "attacker.example"), ("Content-Type", "text/plain")],
    [("Origin", "https://attacker.example"), ("Content-Type", "text/plain")],
    [("Sec-Fetch-Site", "cross-site"), ("Content-Type", "text/plain")],
    [
      ("Host", "attacker.example"), ("Origin", "http://attacker.example"),
      ("Sec-Fetch-Site", "same-origin"),
    ],
  ]

  /// DNS rebinding: the attacker's name resolves to 127.0.0.1, and a form posts an event as text/plain, which needs no
  /// preflight request. The function would sign a GET of a private object with the developer's keys.
  @Test(arguments: 0..<4)
  func aForeignPageCannotReadAPrivateObjectWithTheDevelopersKeys(number: Int) throws {
    let s3 = try ScriptedServer([.init(404)])
    let function = try ServedFunction(
      "--aws",
      environment: [
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "eu-west-1", "ENDPOINT_NAME": "e", "AWS_ENDPOINT_URL_S3": s3.baseURL,
        "AWS_ENDPOINT_URL_STS": s3.baseURL,
      ])
    let event = "{\"bucket\":\"private\",\"key\":\"salaries.jpg\"}"
    let headers = Self.foreign[number]
    let host = headers.first { $0.0 == "Host" }?.1
    let refused = try function.invoke(event, headers.filter { $0.0 != "Host" }, host: host)
    #expect(refused.status == 403)
    #expect(refused.text.hasPrefix("Refused: "))
    #expect(refused.text.hasSuffix(".\n"))
    #expect(!s3.requests.contains { $0.target.contains("salaries") })
    // The same event of a program, which names no origin: the keys would have been used.
    let answered = try function.invoke(event, [("Content-Type", "text/plain")])
    #expect(answered.status == 200)
    let read = try #require(s3.requests.first { $0.target.contains("salaries") })
    #expect(read.header("Authorization")?.contains("AKIAIOSFODNN7EXAMPLE/") == true)
  }

  @Test(arguments: [
    "/", "/_page/style.css", "/_page/state", "/2018-06-01/runtime/invocation/next", "/anything",
  ])
  func aForeignPageReachesNoPath(path: String) throws {
    let function = try ServedFunction()
    let accept = ("Accept", "text/html")
    #expect(try function.send("GET", path, [accept], host: "attacker.example").status == 403)
    #expect(
      try function.send("GET", path, [accept, ("Sec-Fetch-Site", "cross-site")]).status == 403)
    #expect(
      try function.send("POST", path, [("Origin", "http://127.0.0.1:3000")], body: [1]).status
        == 403)
  }

  @Test func theEmulatorsAreClosedToForeignPagesToo() throws {
    let function = try ServedFunction()
    for name in ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"] {
      let port = try #require(
        function.run.errorsSoFar.firstMatch(of: try Regex("\(name)=http://127.0.0.1:([0-9]+)"))?
          .output[1].substring.flatMap { UInt16($0) })
      let client = try RawClient(port: port)
      try client.send("GET /a/b HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n")
      let reply = try client.receiveToEnd().text
      #expect(reply.hasPrefix("HTTP/1.1 403 "))
      #expect(reply.contains("Refused: "))
    }
  }

  @Test(arguments: [
    ("GET", "state"), ("GET", "account"), ("GET", "event?name=s3.json"), ("GET", "news?after=0"),
    ("GET", "object?bucket=dog-photos&key=uploads/mixed-breed.jpg"), ("GET", "invocation?number=1"),
    ("POST", "invoke"), ("POST", "photograph?name=a.jpg&as=s3"), ("POST", "restart"),
    ("PUT", "settings"), ("GET", "unheard-of"),
  ])
  func theCallsOfThePageNeedItsToken(method: String, name: String) throws {
    let function = try ServedFunction()
    for token in [nil, "", String(repeating: "0", count: 32), "\(function.token)0"] {
      let headers = token.map { [("X-Page-Token", $0)] } ?? []
      let response = try function.send(method, "/_page/\(name)", headers, body: Array("{}".utf8))
      #expect(response.status == 403)
      #expect(response.text.hasPrefix("The token is missing or belongs to another run."))
    }
    // Nor is it in what everyone can read.
    let page = try function.send("GET", "/", [("Accept", "text/html")])
    #expect(!page.text.contains(function.token))
  }
}
