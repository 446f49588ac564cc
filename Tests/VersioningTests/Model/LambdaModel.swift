import AWSClient
import AWSControl
import HTTPClient
import Platform
import TestSupport

@testable import Versioning

/// What AWS documents about versions, aliases and metrics; each transition of the model cites one.
enum Fact: String, CaseIterable {
  case updateAliasReplacesTheRevision =
    "API_UpdateAlias: RevisionId changes with each update of the alias"
  case staleRevisionIsRefused =
    "API_UpdateAlias: PreconditionFailedException, 412, when RevisionId is not the latest"
  case otherOperationInProgress =
    "API_UpdateAlias: ResourceConflictException, 409, another operation is in progress"
  case requestRateIsLimited =
    "API_UpdateAlias: TooManyRequestsException, 429, the request throughput limit was exceeded"
  case permissionIsRevoked =
    "API CommonErrors: AccessDeniedException, 403, when a policy no longer allows the call"
  case serviceFails =
    "API_UpdateAlias: ServiceException, 500; CloudWatch: InternalServiceFault, 500"
  case answerIsLost =
    "SDK standard mode: a broken connection is retried; the first attempt may have had its effect"
  case readMayBeLate =
    "Distributed reads may return the state before the last write (assumed; nothing documents otherwise)"
  case publishIsIdempotent =
    "API_PublishVersion: no new version when code and configuration have not changed"
  case codeUpdateTakesTime =
    "API_UpdateFunctionCode: LastUpdateStatus is InProgress until the update is done"
  case weightsAreSplitByChance =
    "configuration-aliases: a share of the requests by weight goes to the additional version"
  case provisionedAliasMovesByWeights =
    "configuration-aliases, provisioned-concurrency: Lambda moves a re-pointed alias by weights"
  case provisionedAliasTakesNoWeights =
    "provisioned-concurrency: an alias with weights cannot have provisioned concurrency of its own"
  case versionIsProvisionedOnce =
    "API_PutProvisionedConcurrencyConfig: a version has it on itself or on an alias that points to it"
  case warmVersionIsKept =
    "An alias that is pointed back before Lambda has moved it stays at the warm version (assumed)"
  case metricsAreByVersion =
    "monitoring-metrics-view: dimensions FunctionName, Resource, ExecutedVersion"
  case errorsAreCounted = "monitoring-metrics-types: Errors counts invocations that end in an error"
  case metricsAreLate =
    "CloudWatch: points of the newest minutes come later (concurrency.md: 1 to 2 min)"
}

/// The process was killed; nothing after it has an effect.
struct Killed: Error {}

/// Lambda with one function, its alias `live`, and CloudWatch, with faults by chance.
///
/// Used from one thread.
final class LambdaModel: @unchecked Sendable {
  struct Alias: Equatable {
    var version: String
    var weights: [String: Double] = [:]
    var description: String
    var revision = 1

    var state: AliasState { AliasState(version: version, weights: weights) }
  }

  /// Probabilities of faults, 0 to 1 a call.
  struct Faults {
    var conflict = 0.0
    var throttled = 0.0
    var failing = 0.0
    var lost = 0.0
    var late = 0.0
    /// Looks at CloudWatch that fail in a row, from the given one on.
    var outage: Range<Int> = 0..<0
    /// The update of the alias from which on it is denied; `.max` for none.
    var deniedFrom = Int.max
    /// The write at which the process is killed, and whether it has its effect.
    var kill: (write: Int, isDone: Bool)?
  }

  var faults = Faults()
  /// Errors per invocation of version 6.
  let badShare: Double
  private(set) var alias: Alias
  private(set) var facts: Set<Fact> = []
  var provisionedOnAlias: Int?
  private(set) var provisionedOnVersions: [String: Int] = [:]
  /// Called before each call, with its number.
  var meddle: (Int) -> Void = { _ in }
  /// Unix milliseconds.
  var now: Int64 = 1_700_000_000_000
  /// Whether version 6 ever had traffic.
  private(set) var hadCanary = false
  private var former: Alias?
  private var lateReads = 0
  private var latestCode = "code-5"
  private var isPublished = false
  private var updateLooks = 0
  /// Reads until Lambda has moved the alias with its provisioned concurrency.
  private(set) var movingLooks = 0
  private var calls = 0
  private var writes = 0
  private var updates = 0
  /// Calls of GetMetricData.
  private(set) var looks = 0
  private var isDead = false
  private var countedUntil: Int64
  private var traffic: [String: [Int64: Double]] = ["5": [:], "6": [:]]
  private var random: SeededGenerator
  private let newCode: String

  init(newCode: String, badShare: Double, description: String, seed: UInt64) {
    self.newCode = newCode
    self.badShare = badShare
    alias = Alias(version: "5", description: description)
    random = SeededGenerator(seed: seed)
    countedUntil = now / 1000
  }

  var clock: Clock {
    Clock(
      unixMilliseconds: { [self] in now }, monotonicMilliseconds: { [self] in now },
      sleep: { [self] in now += $0 })
  }

  /// Faults end, and a new process lives.
  func recover() {
    faults = Faults()
    (isDead, lateReads, writes) = (false, 0, 0)
  }

  /// Looks at the metrics since someone else moved traffic that had reached version 6; nil without.
  var looksSinceMeddling: Int? { looksAtMeddling.map { looks - $0 } }
  private var looksAtMeddling: Int?

  func noteMeddling(before: Alias) {
    if before.state.share(of: "6") > 0, before.state != alias.state { looksAtMeddling = looks }
  }

  /// The provisioned concurrency of the alias or of its version.
  var provisionedForTraffic: Int? { provisionedOnAlias ?? provisionedOnVersions[alias.version] }

  /// Another tool moves the alias and leaves its description.
  func moveByAnotherTool(to version: String) {
    countTraffic()
    lateReads = 0
    (alias.version, alias.weights) = (version, [:])
    alias.revision += 1
  }

  // MARK: Calls

  func answer(_ operation: any ControlOperation) throws -> HTTPResponse {
    calls += 1
    meddle(calls)
    guard !isDead else { throw Killed() }
    countTraffic()
    guard operation is any WriteOperation else { return try read(operation) }
    writes += 1
    if let kill = faults.kill, kill.write == writes {
      if kill.isDone { _ = try? write(operation) }
      isDead = true
      throw Killed()
    }
    try failByChance(operation)
    return try write(operation)
  }

  private func happens(_ probability: Double) -> Bool {
    probability > 0 && Double.random(in: 0..<1, using: &random) < probability
  }

  private func failByChance(_ operation: any ControlOperation) throws {
    if happens(faults.throttled) {
      cite(.requestRateIsLimited)
      throw error(operation, "TooManyRequestsException", 429, .throttling)
    }
    if happens(faults.failing) {
      cite(.serviceFails)
      throw error(operation, "ServiceException", 500, .transient)
    }
  }

  private func cite(_ fact: Fact) { facts.insert(fact) }

  private func error(
    _ operation: any ControlOperation, _ code: String, _ status: Int,
    _ verdict: RetryVerdict = .permanent, detail: String = "by chance"
  ) -> AWSError {
    AWSError(
      operation: operation.title, service: "Lambda", code: AWSErrorCode(rawValue: code),
      detail: detail, status: status, verdict: verdict)
  }

  private func json(_ body: String, _ status: Int = 200) -> HTTPResponse {
    HTTPResponse(status: status, headers: HTTPHeaders(), body: Array(body.utf8))
  }

  // MARK: Reads

  private func read(_ operation: any ControlOperation) throws -> HTTPResponse {
    switch operation {
    case is GetMetricData: return try metrics(operation)
    case is GetAlias:
      try failByChance(operation)
      if movingLooks > 0 { moveOn() }
      if let former, lateReads > 0 {
        lateReads -= 1
        cite(.readMayBeLate)
        return json(text(former))
      }
      return json(text(alias))
    case is ListAliases: return json(#"{"Aliases":[\#(text(alias))]}"#)
    case is GetFunction: return json(#"{"Configuration":\#(configuration("$LATEST"))}"#)
    case let read as GetFunctionConfiguration:
      return json(configuration(read.qualifier ?? "$LATEST"))
    case is ListVersionsByFunction:
      let numbers = ["$LATEST", "3", "4", "5"] + (isPublished ? ["6"] : [])
      return json(#"{"Versions":[\#(numbers.map(configuration).joined(separator: ","))]}"#)
    case is ListProvisionedConcurrencyConfigs:
      let all = ["live", "5", "6"].compactMap(provisioned)
      return json(#"{"ProvisionedConcurrencyConfigs":[\#(all.joined(separator: ","))]}"#)
    case let read as GetProvisionedConcurrencyConfig:
      guard let provisioned = provisioned(read.qualifier) else {
        throw error(operation, "ProvisionedConcurrencyConfigNotFoundException", 404)
      }
      return json(provisioned)
    case is GetAccountSettings:
      return json(
        #"{"AccountLimit":{"ConcurrentExecutions":1000,"UnreservedConcurrentExecutions":1000}}"#)
    case is DescribeScalableTargets: return json(#"{"ScalableTargets":[]}"#)
    case is DescribeScalingPolicies: return json(#"{"ScalingPolicies":[]}"#)
    case is DescribeScheduledActions: return json(#"{"ScheduledActions":[]}"#)
    default: return json("{}")
    }
  }

  private func text(_ alias: Alias) -> String {
    let weights = alias.weights.map { #""\#($0.key)":\#($0.value)"# }.joined(separator: ",")
    return """
      {"Name":"live","FunctionVersion":"\(alias.version)","Description":"\(alias.description)",\
      "RevisionId":"\(alias.revision)","RoutingConfig":{"AdditionalVersionWeights":{\(weights)}}}
      """
  }

  private func configuration(_ version: String) -> String {
    let isLatest = version == "$LATEST"
    let code = isLatest ? latestCode : version == "6" ? newCode : "code-\(version)"
    var status = "Successful"
    if isLatest, updateLooks > 0 {
      updateLooks -= 1
      status = "InProgress"
      cite(.codeUpdateTakesTime)
    }
    return """
      {"FunctionName":"f","FunctionArn":"arn:f:\(version)","Version":"\(version)","CodeSha256":"\(code)",\
      "State":"Active","LastUpdateStatus":"\(status)","RevisionId":"code-\(latestCode)"}
      """
  }

  private func provisioned(_ qualifier: String) -> String? {
    let isAlias = qualifier == "live"
    return (isAlias ? provisionedOnAlias : provisionedOnVersions[qualifier]).map {
      """
      {"FunctionArn":"arn:f:\(qualifier)","RequestedProvisionedConcurrentExecutions":\($0),\
      "Status":"\(isAlias && movingLooks > 0 ? "IN_PROGRESS" : "READY")"}
      """
    }
  }

  private func moveOn() {
    cite(.provisionedAliasMovesByWeights)
    movingLooks -= 1
    guard movingLooks == 0 else { return }
    alias.weights = [:]
    alias.revision += 1
  }

  // MARK: Writes

  private func write(_ operation: any ControlOperation) throws -> HTTPResponse {
    switch operation {
    case let update as UpdateAlias: return try updateAlias(update)
    case is UpdateFunctionCode:
      (latestCode, updateLooks) = (newCode, 1)
      return json(configuration("$LATEST"))
    case is PublishVersion:
      if isPublished { cite(.publishIsIdempotent) }
      isPublished = true
      return json(configuration("6"), 201)
    case let put as PutProvisionedConcurrencyConfig: return try provision(put)
    case let delete as DeleteProvisionedConcurrencyConfig:
      if delete.qualifier == "live" {
        provisionedOnAlias = nil
        if movingLooks > 0 { (movingLooks, alias.weights) = (0, [:]) }
      } else {
        provisionedOnVersions[delete.qualifier] = nil
      }
      return json("{}", 204)
    default: return json("{}")
    }
  }

  private func provision(_ put: PutProvisionedConcurrencyConfig) throws -> HTTPResponse {
    let isAlias = put.qualifier == "live"
    cite(.versionIsProvisionedOnce)
    let isTaken =
      isAlias
      ? provisionedOnVersions[alias.version] != nil
      : provisionedOnAlias != nil && alias.version == put.qualifier
    guard !isTaken else {
      throw error(put, "ResourceConflictException", 409, detail: "is already provisioned")
    }
    if isAlias {
      cite(.provisionedAliasTakesNoWeights)
      guard alias.weights.isEmpty else {
        throw error(put, "InvalidParameterValueException", 400)
      }
      provisionedOnAlias = put.provisioned
    } else {
      provisionedOnVersions[put.qualifier] = put.provisioned
    }
    return json(provisioned(put.qualifier) ?? "{}", 202)
  }

  private func updateAlias(_ update: UpdateAlias) throws -> HTTPResponse {
    updates += 1
    if updates >= faults.deniedFrom {
      cite(.permissionIsRevoked)
      throw error(update, "AccessDeniedException", 403)
    }
    if happens(faults.conflict) {
      cite(.otherOperationInProgress)
      throw error(
        update, "ResourceConflictException", 409,
        detail: "The operation cannot be performed at this time. An update is in progress")
    }
    guard update.revisionID == "\(alias.revision)" else {
      cite(.staleRevisionIsRefused)
      throw error(update, "PreconditionFailedException", 412)
    }
    guard provisionedOnAlias == nil || (update.additionalVersionWeights ?? [:]).isEmpty else {
      cite(.provisionedAliasTakesNoWeights)
      throw error(update, "InvalidParameterValueException", 400)
    }
    former = alias
    lateReads = happens(faults.late) ? 2 : 0
    let (oldVersion, oldWeights) = (alias.version, alias.weights)
    alias.version = update.functionVersion ?? alias.version
    alias.weights = update.additionalVersionWeights ?? alias.weights
    alias.description = update.description ?? alias.description
    alias.revision += 1
    cite(.updateAliasReplacesTheRevision)
    if provisionedOnAlias != nil, alias.version != oldVersion {
      let isBack = oldWeights[alias.version] == 1
      if isBack { cite(.warmVersionIsKept) }
      (alias.weights, movingLooks) = isBack ? ([:], 0) : ([oldVersion: 1], 3)
    }
    guard happens(faults.lost) else { return json(text(alias)) }
    // The engine sends it again.
    cite(.answerIsLost)
    cite(.staleRevisionIsRefused)
    throw error(update, "PreconditionFailedException", 412)
  }

  // MARK: Traffic and metrics

  /// 3,000 invocations a minute, by the weights of the alias.
  private func countTraffic() {
    let end = now / 1000
    defer { countedUntil = max(countedUntil, end) }
    if alias.state.share(of: "6") > 0 { hadCanary = true }
    var second = countedUntil
    while second < end {
      let minute = second / 60 * 60
      let next = min(end, minute + 60)
      for version in ["5", "6"] {
        traffic[version]?[minute, default: 0] +=
          Double(next - second) * 50 * alias.state.share(of: version)
      }
      second = next
    }
    cite(.weightsAreSplitByChance)
  }

  private func metrics(_ operation: any ControlOperation) throws -> HTTPResponse {
    looks += 1
    if faults.outage.contains(looks) {
      cite(.serviceFails)
      throw error(operation, "InternalServiceFault", 500, .transient)
    }
    cite(.metricsAreByVersion)
    let newest = happens(faults.late) ? now / 60_000 * 60 : .max
    if newest < .max { cite(.metricsAreLate) }
    var results: [String] = []
    for (side, version) in [("new", "6"), ("old", "5")] {
      let minutes = (traffic[version] ?? [:]).filter { $0.value >= 1 && $0.key < newest }
      results.append(series("\(side)Invocations", minutes))
      if version == "6", badShare > 0 {
        cite(.errorsAreCounted)
        results.append(series("\(side)Errors", minutes.mapValues { $0 * badShare }))
      }
    }
    return json(#"{"MetricDataResults":[\#(results.joined(separator: ","))]}"#)
  }

  private func series(_ id: String, _ points: [Int64: Double]) -> String {
    let times = points.keys.map { "\($0)" }.joined(separator: ",")
    let values = points.values.map { "\($0.rounded())" }.joined(separator: ",")
    return
      #"{"Id":"\#(id)","StatusCode":"Complete","Timestamps":[\#(times)],"Values":[\#(values)]}"#
  }
}
