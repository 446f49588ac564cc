import Foundation
import JSON
import LoopbackServer
import Platform
import TestSupport

/// What a backfill calls, in small: STS, IAM, Lambda, SageMaker, a versioned bucket of images with a bucket of
/// results, and a job that advances with each look at it. The clock moves on in waits, and by 25 ms with each
/// invocation.
final class ScriptedBackfill: Sendable {
  static let jobID = "8d116ece-1738-47d9-bd9c-172411e20b8f"

  struct State {
    var calls: [String] = []
    /// Of Invoke and GetFunctionConcurrency.
    var functionPaths: Set<String> = []
    /// Bodies of PutObject, by path.
    var written: [String: [UInt8]] = [:]
    /// The body of CreateJob.
    var creation = ""
    /// 0: none. Then New, Suspended, Ready, and so on.
    var step = 0
    /// Whether IAM lets the role put its report.
    var roleMayWrite = true
    /// Keys with `broken` fail; how many there are.
    var brokenCount = 3
    var imageCount = 1_203
    /// What DescribeJob counts as failed, which has been seen wrong; nil for the truth.
    var claimedFailures: Int?
    /// Whether there is a job with the same token and another request.
    var isTokenTaken = false
    var statusRequests: [String] = []
  }

  private let state = Locked(State())
  private let elapsed = Locked(Int64(0))
  private let server: LoopbackServer
  var baseURL: String { server.baseURL }
  var calls: [String] { state.withLock { $0.calls } }
  var written: [String: [UInt8]] { state.withLock { $0.written } }
  var functionPaths: Set<String> { state.withLock { $0.functionPaths } }
  var creation: String { state.withLock { $0.creation } }

  func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

  var clock: Clock {
    let elapsed = elapsed
    return Clock(
      unixMilliseconds: { 1_795_687_200_000 + elapsed.withLock { $0 } },
      monotonicMilliseconds: { elapsed.withLock { $0 } },
      sleep: { pause in elapsed.withLock { $0 += pause } })
  }

  init() throws {
    let (state, elapsed) = (state, elapsed)
    server = try LoopbackServer { request, connection in
      if request.path.hasSuffix("/invocations") { elapsed.withLock { $0 += 25 } }
      let answer = state.withLock { $0.answer(request) }
      try connection.send(status: answer.status, headers: answer.headers, body: answer.body)
    }
  }

  deinit { server.stop() }

  func run(_ arguments: [String]) -> CommandRun {
    CommandRun(arguments, url: baseURL, clock: clock)
  }
}

extension ScriptedBackfill.State {
  struct Answer {
    var status = 200
    var headers: [(String, String)] = []
    var body: [UInt8]

    init(_ text: String) { body = Array(text.utf8) }
    init(_ json: JSONValue) { body = json.serialized() }
  }

  mutating func answer(_ request: ReceivedHTTPRequest) -> Answer {
    let body = String(decoding: request.body, as: UTF8.self)
    if request.path.hasPrefix("/v20180820/jobs") { return job(request, body) }
    if request.path.contains("/functions/") || request.path.contains("account-settings") {
      return lambda(request)
    }
    if let target = request.header("X-Amz-Target") {
      calls.append(target.split(separator: ".").last.map(String.init) ?? target)
      return sageMaker(calls.last ?? "")
    }
    if request.method == "POST" { return query(body) }
    return storage(request)
  }

  // MARK: STS, IAM, Lambda, SageMaker

  private mutating func query(_ body: String) -> Answer {
    let action = body.split(separator: "&").first { $0.hasPrefix("Action=") }?.dropFirst(7) ?? ""
    calls.append(String(action))
    switch action {
    case "GetCallerIdentity":
      return Answer(
        "<R><Arn>arn:aws:iam::111122223333:user/operator</Arn><Account>111122223333</Account></R>")
    case "GetRole":
      let trust =
        "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22sts%3AAssumeRole%22%2C%22Principal%22%3A%7B%22Service%22%3A%22batchoperations.s3.amazonaws.com%22%7D%7D%7D"
      return Answer(
        "<R><Role><Arn>arn:aws:iam::111122223333:role/backfill</Arn><AssumeRolePolicyDocument>\(trust)</AssumeRolePolicyDocument>"
          + "<CreateDate>2026-01-01T00:00:00Z</CreateDate></Role></R>")
    default:
      let isDenied = !roleMayWrite && body.contains("PutObject")
      return Answer(
        "<R><member><EvalDecision>\(isDenied ? "implicitDeny" : "allowed")</EvalDecision></member></R>"
      )
    }
  }

  private mutating func lambda(_ request: ReceivedHTTPRequest) -> Answer {
    if request.path.contains("account-settings") {
      return Answer([
        "AccountLimit": ["ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 840]
      ])
    }
    let path = request.path.removingPercentEncoding ?? request.path
    if path.hasSuffix("/concurrency") {
      functionPaths.insert(path)
      return Answer(["ReservedConcurrentExecutions": 160])
    }
    if path.hasSuffix("/invocations") {
      calls.append("Invoke")
      functionPaths.insert(path)
      let task = (try? JSONValue(parsing: request.body))?["tasks"]?[0]
      let (code, text) = Self.result(task?["s3Key"]?.stringValue ?? "")
      return Answer([
        "invocationSchemaVersion": "2.0", "invocationId": "i",
        "results": [["taskId": "1", "resultCode": .string(code), "resultString": .string(text)]],
      ])
    }
    return Answer([
      "FunctionName": "dog-breeds",
      "FunctionArn": "arn:aws:lambda:us-east-1:111122223333:function:dog-breeds:live",
      "Version": "7", "MemorySize": 256, "Architectures": ["x86_64"],
      "Environment": [
        "Variables": [
          "ENDPOINT_NAME": "dog-breeds", "RESULT_BUCKET": "my-dog-results",
          "RESULT_PREFIX": "results/",
          "IMAGE_BUCKET": "my-dog-photos", "IMAGE_PREFIX": "uploads/",
        ]
      ],
    ])
  }

  private func sageMaker(_ operation: String) -> Answer {
    operation == "DescribeEndpoint"
      ? Answer([
        "EndpointName": "dog-breeds", "EndpointArn": "arn", "EndpointConfigName": "c",
        "EndpointStatus": "InService",
        "ProductionVariants": [["VariantName": "AllTraffic", "CurrentInstanceCount": 2]],
      ])
      : Answer([
        "EndpointConfigName": "c", "EndpointConfigArn": "arn",
        "ProductionVariants": [
          ["VariantName": "AllTraffic", "ModelName": "m", "InstanceType": "ml.g4dn.xlarge"]
        ],
      ])
  }

  /// By the number in the key.
  private static func result(_ key: String) -> (code: String, text: String) {
    let number = Int(key.filter(\.isNumber)) ?? 0
    if key.contains("broken") {
      return (
        "PermanentFailure",
        "SageMaker.ModelError: s3://my-dog-photos/\(key): cannot identify image file"
      )
    }
    let breed =
      number % 10 < 6
      ? "071.German_shepherd_dog"
      : number % 10 < 9 ? "005.Alaskan_malamute" : "097.Lakeland_terrier"
    return ("Succeeded", "\(breed) 0.\(5 + number % 5)")
  }

  // MARK: S3

  private var images: [String] {
    (0..<brokenCount).map { "uploads/broken-\($0).jpg" }
      + (brokenCount..<imageCount).map { "uploads/\($0 + 10_000).jpg" }
  }

  private mutating func storage(_ request: ReceivedHTTPRequest) -> Answer {
    if request.method == "PUT" {
      calls.append("PutObject")
      written[request.path] = request.body
      var answer = Answer("")
      answer.headers = [("ETag", "\"60e460c9d1046e73f7dde5043ac3ae85\"")]
      return answer
    }
    if request.target.contains("?versioning") {
      return Answer("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
    }
    if request.target.contains("list-type=2") { return Answer(results) }
    if request.target.contains("versions") {
      return Answer(versions(isSecond: request.target.contains("key-marker")))
    }
    if request.path.hasSuffix("/manifest.json") {
      return Answer(
        #"{"Results":[{"TaskExecutionStatus":"succeeded","Bucket":"my-dog-results","MD5Checksum":"x","Key":"report.csv"}]}"#
      )
    }
    if request.path.hasSuffix("/report.csv") { return Answer(report) }
    if let bytes = written[request.path] {
      var answer = Answer("")
      answer.body = bytes
      answer.headers = [("ETag", "\"60e460c9d1046e73f7dde5043ac3ae85\"")]
      return answer
    }
    var answer = Answer("<Error><Code>NoSuchKey</Code></Error>")
    answer.status = 404
    return answer
  }

  /// Two images have a result.
  private var results: String {
    let keys = images.suffix(2).map {
      "<Contents><Key>results/my-dog-photos@versions/\($0)/v1.json</Key><Size>9500</Size></Contents>"
    }
    return "<R><IsTruncated>false</IsTruncated>\(keys.joined())</R>"
  }

  private func versions(isSecond: Bool) -> String {
    func version(_ key: String, _ size: Int = 96_418, isLatest: Bool = true, more: String = "")
      -> String
    {
      "<Version><Key>\(key)</Key><VersionId>v1</VersionId><IsLatest>\(isLatest)</IsLatest><Size>\(size)</Size>\(more)</Version>"
    }
    let others = [
      version("uploads/", 0), version("uploads/notes.txt"),
      version("uploads/panorama.jpg", 9_000_000),
      version("uploads/2019.jpg", more: "<StorageClass>DEEP_ARCHIVE</StorageClass>"),
      version("uploads/10020.jpg", isLatest: false),
    ]
    let page =
      isSecond
      ? images.dropFirst(900).map { version($0) } : others + images.prefix(900).map { version($0) }
    let next =
      isSecond
      ? ""
      : "<NextKeyMarker>uploads/n.jpg</NextKeyMarker><NextVersionIdMarker>v1</NextVersionIdMarker>"
    return "<R><IsTruncated>\(!isSecond)</IsTruncated>\(next)\(page.joined())</R>"
  }

  private var report: String {
    images.dropLast(2).map { key in
      let (code, text) = Self.result(key)
      return code == "Succeeded"
        ? "my-dog-photos,\(key),v1,succeeded,200,,\(text)\n"
        : "my-dog-photos,\(key),v1,failed,200,\(code),\"\(text)\"\n"
    }.joined()
  }

  // MARK: S3 Control

  private mutating func job(_ request: ReceivedHTTPRequest, _ body: String) -> Answer {
    if request.path == "/v20180820/jobs", request.method == "POST" {
      calls.append("CreateJob")
      if isTokenTaken {
        var answer = Answer(
          "<R><Error><Code>IdempotencyException</Code><Message>m</Message></Error></R>")
        answer.status = 400
        return answer
      }
      if creation.isEmpty { step = 1 }
      creation = body
      return Answer("<R><JobId>\(ScriptedBackfill.jobID)</JobId></R>")
    }
    if request.method == "POST" {
      let status = request.target.contains("Ready") ? "Ready" : "Cancelled"
      calls.append(
        request.path.hasSuffix("/priority") ? "UpdateJobPriority" : "UpdateJobStatus \(status)")
      if request.path.hasSuffix("/priority") {
        return Answer("<R><JobId>j</JobId><Priority>77</Priority></R>")
      }
      step = status == "Ready" ? 3 : 8
      return Answer("<R><JobId>j</JobId><Status>\(status)</Status></R>")
    }
    calls.append(request.path == "/v20180820/jobs" ? "ListJobs" : "DescribeJob")
    defer { step = [1: 2, 3: 4, 4: 5, 5: 6][step] ?? step }
    let total = images.count - 2
    let looks: [Int: (String, Int)] = [
      1: ("New", 0), 2: ("Suspended", 0), 3: ("Ready", 0), 4: ("Active", total / 4),
      5: ("Active", total * 3 / 4),
      6: ("Complete", total), 8: ("Cancelled", 40),
    ]
    let (status, done) = looks[step] ?? ("Failed", 0)
    let failed = done == 0 ? 0 : claimedFailures ?? brokenCount
    let progress =
      step < 2
      ? ""
      : "<TotalNumberOfTasks>\(total)</TotalNumberOfTasks>"
        + "<NumberOfTasksSucceeded>\(done - failed)</NumberOfTasksSucceeded><NumberOfTasksFailed>\(failed)</NumberOfTasksFailed>"
        + "<Timers><ElapsedTimeInActiveSeconds>\(step * 15)</ElapsedTimeInActiveSeconds></Timers>"
    let ended =
      ["Complete", "Cancelled"].contains(status)
      ? "<TerminationDate>2026-11-26T10:03:10Z</TerminationDate>" : ""
    let head =
      "<JobId>\(ScriptedBackfill.jobID)</JobId><Description>inferencectl backfill</Description><Status>\(status)</Status>"
      + "<Priority>10</Priority><CreationTime>2026-11-26T10:00:05Z</CreationTime>\(ended)<ProgressSummary>\(progress)</ProgressSummary>"
    if request.path == "/v20180820/jobs" {
      return Answer(
        "<R><Jobs><member>\(head)<Operation>LambdaInvoke</Operation></member></Jobs></R>")
    }
    let manifest =
      written.keys.first { $0.contains("/manifests/") }
      ?? "/my-dog-results/backfill/manifests/x.csv"
    return Answer(
      "<R><Job>\(head)<Manifest><Spec><Format>S3BatchOperations_CSV_20180820</Format><Fields><member>Bucket</member>"
        + "<member>Key</member><member>VersionId</member></Fields></Spec><Location><ObjectArn>arn:aws:s3:::\(manifest.dropFirst())"
        + "</ObjectArn><ETag>60e460c9d1046e73f7dde5043ac3ae85</ETag></Location></Manifest><Operation><LambdaInvoke>"
        + "<FunctionArn>arn:aws:lambda:us-east-1:111122223333:function:dog-breeds:7</FunctionArn></LambdaInvoke></Operation>"
        + "<Report><Bucket>arn:aws:s3:::my-dog-results</Bucket><Enabled>true</Enabled><Prefix>backfill/reports</Prefix></Report>"
        + "<RoleArn>arn:aws:iam::111122223333:role/backfill</RoleArn></Job></R>")
  }
}
