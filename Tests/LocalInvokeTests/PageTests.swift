import Foundation
import JSON
import TestSupport
import Testing

@Suite struct PageTests {
  @Test(arguments: ["s3", "sqs", "sns", "eventbridge", "batch", "direct", "http"])
  func aPhotographIsClassifiedWhateverDeliversIt(source: String) throws {
    let function = try ServedFunction(environment: ["RESULT_BUCKET": "results"])
    let record = try function.call(
      "POST", "photograph?name=M%C3%BCller%20%2B%20Rex.jpg&as=\(source)", photograph()
    ).json
    #expect(record["failed"] == false, "\(record)")
    let image = try #require(record["images"]?[0])
    #expect(image["classes"]?.arrayValue?.count == 118)
    #expect(record["class"]?.stringValue?.hasSuffix(" %") == true)
    let operations = (record["calls"]?.arrayValue ?? []).compactMap { $0["operation"]?.stringValue }
    if source == "http" {
      #expect(operations.first == "InvokeEndpoint")
    } else {
      #expect(image["key"] == "uploads/Müller + Rex.jpg")
      #expect(operations == ["GetObject", "InvokeEndpoint", "PutObject"])
    }
    #expect(record["isCold"] == true)
    for line in ["START RequestId: ", "END RequestId: ", "REPORT RequestId: "] {
      #expect(record["log"]?.stringValue?.contains(line) == true)
    }
  }

  @Test func callsHaveTheirTimesWithinTheInvocation() throws {
    let function = try ServedFunction()
    let record = try function.call(
      "POST", "invoke", "{\"url\":\"s3://dog-photos/uploads/mixed-breed.jpg\"}"
    ).json
    let calls = try #require(record["calls"]?.arrayValue)
    #expect(calls.count == 2)
    var earliest = 0.0
    for call in calls {
      let start = try #require(call["start"]?.doubleValue)
      #expect(start >= earliest)
      #expect(try #require(call["end"]?.doubleValue) >= start)
      earliest = start
      #expect(call["status"] == 200)
    }
    // InvokeEndpoint is answered before the function answers: one clock for both.
    let duration = try #require(record["duration"]?.doubleValue)
    #expect(earliest < duration)
    #expect(calls[0]["resource"] == "s3://dog-photos/uploads/mixed-breed.jpg")
    #expect(calls[0]["responseBytes"] == 78890)
    #expect(calls[1]["resource"] == "dog-breeds")
    #expect(calls[1]["requestBytes"] == 78890)
  }

  @Test(arguments: [
    ("s3AccessDenied", "S3.AccessDenied", 1), ("s3SlowDown", "S3.SlowDown", 3),
    ("endpointUnavailable", "SageMaker.ServiceUnavailable", 3),
    ("endpointThrottled", "SageMaker.ThrottlingException", 3),
    ("modelError", "SageMaker.ModelError", 1),
  ])
  func aFaultReachesTheCallerAsAWSWouldSendIt(fault: String, type: String, calls: Int) throws {
    let function = try ServedFunction()
    #expect(try function.call("PUT", "settings", "{\"fault\":\"\(fault)\"}").status == 200)
    let record = try function.call("POST", "photograph?name=a.jpg&as=s3", photograph()).json
    #expect(record["failed"] == true)
    #expect(record["answer"]?.stringValue?.contains(type) == true, "\(record["answer"] ?? .null)")
    let injected = (record["calls"]?.arrayValue ?? []).filter { $0["isInjected"] == true }
    #expect(injected.count >= calls)
    #expect(
      record["caller"]?["lines"]?[0]?.stringValue?.hasPrefix(
        "The invocation failed. Lambda retries") == true)
    let http = try function.call("POST", "photograph?name=a.jpg&as=http", photograph()).json
    if fault.hasPrefix("s3") {
      #expect(http["failed"] == false)
    } else {
      #expect((http["caller"]?["status"]?.int64Value ?? 0) >= 400)
    }
  }

  @Test func aFaultInTheFirstCallOnlyIsRetried() throws {
    let function = try ServedFunction()
    _ = try function.call(
      "PUT", "settings", "{\"fault\":\"endpointUnavailable\",\"isFirstCallOnly\":true}")
    for _ in 0..<2 {
      let record = try function.call("POST", "photograph?name=a.jpg&as=s3", photograph()).json
      #expect(record["failed"] == false)
      let statuses = (record["calls"]?.arrayValue ?? []).compactMap { $0["status"]?.int64Value }
      #expect(statuses == [200, 503, 200])
    }
  }

  @Test func aSilentEndpointEndsAtTheFunctionsTimeout() throws {
    let function = try ServedFunction("--timeout", "1", environment: ["DEADLINE_MARGIN_MS": "200"])
    _ = try function.call("PUT", "settings", "{\"fault\":\"endpointSilent\"}")
    let record = try function.call("POST", "photograph?name=a.jpg&as=s3", photograph()).json
    #expect(record["failed"] == true)
    let silent = try #require(record["calls"]?.arrayValue?.last)
    #expect(silent["operation"] == "InvokeEndpoint")
    #expect(silent["status"] == nil)
  }

  @Test func aChangedVariableStartsANewEnvironment() throws {
    let function = try ServedFunction()
    let event = "{\"url\":\"s3://dog-photos/uploads/mixed-breed.jpg\"}"
    #expect(try function.call("POST", "invoke", event).json["isCold"] == true)
    #expect(try function.call("POST", "invoke", event).json["isCold"] == false)
    let state = try function.call("PUT", "settings", "{\"variables\":{\"TOP_K\":\"2\"}}").json
    #expect(state["isWarm"] == false)
    let record = try function.call("POST", "invoke", event).json
    #expect(record["isCold"] == true)
    #expect(record["images"]?[0]?["classes"]?.arrayValue?.count == 2)
    #expect(record["variables"] == ["TOP_K": "2"])
    // The same settings again change nothing.
    #expect(
      try function.call("PUT", "settings", "{\"variables\":{\"TOP_K\":\"2\"}}").json["isWarm"]
        == true)
    #expect(try function.call("POST", "restart").json["isWarm"] == false)
  }

  @Test func aStoredResultThatIsReplacedIsNotAnImage() throws {
    let function = try ServedFunction(environment: ["RESULT_BUCKET": "results"])
    for _ in 0..<2 {
      let record = try function.call("POST", "photograph?name=a.jpg&as=s3", photograph()).json
      #expect(record["images"]?.arrayValue?.map { $0["key"] } == ["uploads/a.jpg"])
    }
  }

  @Test func anErrorInAnAnswerIsNamedInTheHistory() throws {
    let function = try ServedFunction()
    let record = try function.call("POST", "invoke", "{\"bucket\":\"dog-photos\",\"key\":\"x\"}")
      .json
    #expect(record["failed"] == true)
    #expect(record["failure"] == "S3.NoSuchKey")
  }

  @Test(arguments: ["LD_PRELOAD", "AWS_LAMBDA_RUNTIME_API", "PATH", "AWS_ACCESS_KEY_ID"])
  func onlySettingsOfTheFunctionCanBeChanged(name: String) throws {
    let function = try ServedFunction()
    let response = try function.call("PUT", "settings", "{\"variables\":{\"\(name)\":\"x\"}}")
    #expect(response.status == 400)
    #expect(response.text.contains(name))
  }

  @Test func whatIsNotJSONIsRefusedAsByLambda() throws {
    let function = try ServedFunction()
    let response = try function.call("POST", "invoke", "{\"a\":")
    #expect(response.status == 400)
    #expect(response.text.hasPrefix("Lambda accepts only JSON as an event: "))
    #expect(try function.call("POST", "photograph?name=a&as=s3").text == "The file is empty.\n")
    #expect(try function.call("POST", "photograph?name=a&as=mail", [1]).status == 400)
  }

  @Test func invocationsOfOtherProgramsAppear() throws {
    let function = try ServedFunction()
    let event = "{\"url\":\"s3://dog-photos/uploads/mixed-breed.jpg\"}"
    #expect(try function.invoke(event).status == 200)
    let news = try function.call("GET", "news?after=0").json
    let summary = try #require(news["invocations"]?[0])
    #expect(summary["trigger"] == "invoke")
    #expect(summary["kind"] == "direct")
    #expect(try function.call("GET", "invocation?number=1").json["event"] == .string(event))
    #expect(try function.call("GET", "invocation?number=2").status == 404)
  }

  @Test func objectsAreReadOnlyFromTheLocalBuckets() throws {
    let function = try ServedFunction()
    let object = try function.call("GET", "object?bucket=dog-photos&key=uploads/mixed-breed.jpg")
    #expect(object.body == (try photograph()))
    #expect(object.head.contains("content-type: image/jpeg"))
    for query in ["bucket=..&key=s3.json", "bucket=dog-photos&key=../../s3.json", "bucket=&key="] {
      #expect(try function.call("GET", "object?\(query)").status == 404)
    }
    #expect(try function.call("GET", "event?name=../Package.swift").status == 404)
    #expect(
      try function.call("GET", "event?name=s3.json").body
        == Array(Data(contentsOf: Repository.root.appendingPathComponent("events/s3.json"))))
  }

  @Test func photographsOfThePageAreNotResults() throws {
    let function = try ServedFunction("--show-results")
    _ = try function.call("POST", "photograph?name=a.jpg&as=s3", photograph())
    let text = try #require(function.run.waitForError(containing: "s3://local-results/"))
    #expect(!text.contains("s3://dog-photos/uploads/a.jpg\n{"))
    #expect(text.components(separatedBy: "s3://local-results/").count == 2)
  }

  @Test func thePageOfAnAccountNamesItAndOffersOnlyHTTP() throws {
    let xml =
      "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/alice</Arn>"
      + "<Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
    let sts = try RoutedServer(["POST /": [.init(200, body: xml)]])
    let function = try ServedFunction("--aws", environment: Self.account(sts.baseURL))
    #expect(
      try function.call("GET", "account").json["text"] == "Account 111122223333, user/alice")
    #expect(sts.bodies("POST /") == ["Action=GetCallerIdentity&Version=2011-06-15"])
    let state = try function.call("GET", "state").json
    #expect(state["isAWS"] == true)
    #expect(state["faults"] == [])
    #expect(state["sources"]?.arrayValue?.map { $0["id"] } == ["http"])
    #expect(try function.call("POST", "photograph?name=a&as=s3", [1]).status == 400)
  }

  @Test func anAccountThatCannotBeAskedIsNamedByTheEndOfItsKey() throws {
    let sts = try RoutedServer([
      "POST /": [.init(403, body: "<Error><Code>InvalidClientTokenId</Code></Error>")]
    ])
    let function = try ServedFunction("--aws", environment: Self.account(sts.baseURL))
    let text = try function.call("GET", "account").text
    #expect(text.contains("Access key …MPLE, account unknown"))
    #expect(!text.contains("AKIAIOSFODNN7EXAMPLE"))
  }

  private static func account(_ url: String) -> [String: String] {
    [
      "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
      "AWS_REGION": "eu-west-1", "ENDPOINT_NAME": "e", "AWS_ENDPOINT_URL_STS": url,
    ]
  }
}
