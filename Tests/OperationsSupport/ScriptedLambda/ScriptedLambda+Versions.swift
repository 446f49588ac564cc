import Foundation
import JSON
import Platform
import SigV4
import TestSupport

/// The function's code and its versions.
extension ScriptedLambda.State {
  func json(_ version: ScriptedLambda.Version) -> JSONValue {
    let isLatest = version.number == "$LATEST"
    let isDone = version.looksLeft == 0
    var object: JSONObject = [
      "FunctionName": .string(functionName),
      "FunctionArn": .string(arn(isLatest ? nil : version.number)),
      "Version": .string(version.number), "CodeSha256": .string(version.codeSHA256),
      "CodeSize": .number(JSONNumber(Int64(version.codeSize))),
      "LastModified": .string(version.lastModified),
      "Description": .string(version.description), "RevisionId": .string(version.revision),
      "Architectures": [.string(version.architecture)], "MemorySize": 256, "Timeout": 30,
      "Environment": ["Variables": ["ENDPOINT_NAME": "dog-breeds"]],
      "State": isLatest || isDone ? "Active" : "Pending",
      "LastUpdateStatus": isDone
        ? version.failure == nil ? "Successful" : "Failed" : isLatest ? "InProgress" : "Successful",
    ]
    if isDone, let failure = version.failure {
      object.set("LastUpdateStatusReason", to: .string(failure))
    }
    return .object(object)
  }

  func arn(_ qualifier: String?) -> String {
    "arn:aws:lambda:us-east-1:123456789012:function:\(functionName)"
      + (qualifier.map { ":\($0)" } ?? "")
  }

  /// The version of a qualifier; each read brings a change in progress closer to its end.
  private mutating func look(_ question: Question) throws(Refused) -> ScriptedLambda.Version {
    let qualifier = aliases[question.subject]?.version ?? question.subject
    if qualifier.isEmpty || qualifier == "$LATEST" {
      defer { latest.looksLeft = max(0, latest.looksLeft - 1) }
      return latest
    }
    guard let index = versions.firstIndex(where: { $0.number == qualifier }) else {
      throw .notFound("Function not found: \(arn(qualifier))")
    }
    defer { versions[index].looksLeft = max(0, versions[index].looksLeft - 1) }
    return versions[index]
  }

  mutating func getFunctionConfiguration(
    _ question: Question
  ) throws(Refused) -> ScriptedServer.Answer {
    .json(200, json(try look(question)))
  }

  mutating func getFunction(_ question: Question) throws(Refused) -> ScriptedServer.Answer {
    let members = tags.sorted { $0.key < $1.key }
    var tagObject = JSONObject()
    for (key, value) in members { tagObject.set(key, to: .string(value)) }
    return .json(
      200,
      [
        "Configuration": json(try look(question)), "Tags": .object(tagObject),
        "Concurrency": reserved == nil ? .null : reservation,
      ])
  }

  private func requireNoUpdate() throws(Refused) {
    guard latest.looksLeft == 0 else {
      throw .conflict(
        "The operation cannot be performed at this time. An update is in progress for resource: "
          + arn(nil))
    }
  }

  mutating func updateFunctionCode(_ question: Question) throws(Refused) -> ScriptedServer.Answer {
    try requireNoUpdate()
    if let revision = question.body["RevisionId"]?.stringValue, revision != latest.revision {
      throw .staleRevision
    }
    guard let text = question.body["ZipFile"]?.stringValue, let zip = Data(base64Encoded: text)
    else { throw .invalid("Could not unzip uploaded file. Please check your file, then try again") }
    latest.codeSHA256 = Data(SHA256.digest([UInt8](zip))).base64EncodedString()
    latest.codeSize = zip.count
    latest.revision = nextRevision()
    latest.looksLeft = updateLooks
    latest.failure = updateFailure
    return .json(200, json(latest))
  }

  mutating func publishVersion(_ question: Question) throws(Refused) -> ScriptedServer.Answer {
    try requireNoUpdate()
    if let revision = question.body["RevisionId"]?.stringValue, revision != latest.revision {
      throw .staleRevision
    }
    if let code = question.body["CodeSha256"]?.stringValue, code != latest.codeSHA256 {
      throw .invalid(
        "CodeSHA256 (\(code)) is different from current CodeSHA256 in $LATEST (\(latest.codeSHA256))."
          + " Please try again with the CodeSHA256 in $LATEST.")
    }
    if let last = versions.last, last.codeSHA256 == latest.codeSHA256 {
      return .json(201, json(last))
    }
    var version = latest
    version.number = "\((versions.last.flatMap { Int($0.number) } ?? 0) + 1)"
    version.description = question.body["Description"]?.stringValue ?? latest.description
    version.revision = nextRevision()
    version.looksLeft = publishLooks
    versions.append(version)
    // Publishing gives $LATEST a new revision too.
    latest.revision = nextRevision()
    return .json(201, json(version))
  }

  mutating func deleteVersion(_ question: Question) throws(Refused) -> ScriptedServer.Answer {
    let number = question.subject
    guard versions.contains(where: { $0.number == number }) else {
      throw .notFound("Function not found: \(arn(number))")
    }
    let users = aliases.filter { $1.version == number || $1.weights[number] != nil }.keys.sorted()
    guard users.isEmpty else {
      throw .conflict(
        "Unable to delete version because the following aliases reference it: \(users)")
    }
    versions.removeAll { $0.number == number }
    provisioned[number] = nil
    return .init(204)
  }
}
