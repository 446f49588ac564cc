import Foundation
import JSON
import SigV4
import Testing

/// Third-party servers, started by a script of `.ci/checks` which tells in an environment variable where its
/// description of them is. Without the variable the tests are skipped and say so; with `REQUIRE_ORACLES` they run and
/// fail, so that a skip cannot hide.
struct Oracle {
  /// The environment variable's name.
  let variable: String
  /// Who sets it.
  let script: String

  static let moto = Oracle(variable: "MOTO_ORACLE", script: "moto.sh")
  static let rclone = Oracle(variable: "RCLONE_ORACLE", script: "rclone.sh")
  static let miniStack = Oracle(variable: "MINISTACK_ORACLE", script: "ministack.sh")
  static let miniStackLambda = Oracle(variable: "MINISTACK_URL", script: "ministack.sh")
  static let boto3 = Oracle(variable: "BOTO3_PYTHON", script: "boto3-client.sh")
  static let localInvoke = Oracle(variable: "LOCAL_INVOKE_URL", script: "boto3-client.sh")

  /// The variable's value.
  var value: String? { ProcessInfo.processInfo.environment[variable] }

  /// Whether the tests shall run.
  var isExpected: Bool {
    value != nil || ProcessInfo.processInfo.environment["REQUIRE_ORACLES"] != nil
  }

  /// Why they were skipped.
  var absence: Comment {
    "\(variable) is not set: .ci/checks/\(script) starts the servers and sets it"
  }

  /// The value, for tests that run.
  func required() throws -> String {
    guard let value else { throw OracleError("\(absence)") }
    return value
  }

  /// The JSON of the file that the variable names.
  func description() throws -> JSONValue {
    let path = try required()
    return try JSONValue(parsing: Array(Data(contentsOf: URL(fileURLWithPath: path))))
  }
}

/// An oracle, or its description, is not what the tests need.
struct OracleError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

extension JSONValue {
  /// A member that has to be there and to be a string.
  func text(_ key: String) throws -> String {
    guard let text = self[key]?.stringValue else {
      throw OracleError("no \(key) in the oracle's description")
    }
    return text
  }

  /// A member that has to be there.
  func member(_ key: String) throws -> JSONValue {
    guard let value = self[key] else { throw OracleError("no \(key) in the oracle's description") }
    return value
  }

  /// Keys of a user or a role's session.
  func credentials() throws -> AWSCredentials {
    AWSCredentials(
      accessKeyID: try text("accessKeyID"), secretAccessKey: try text("secretAccessKey"),
      sessionToken: self["sessionToken"]?.stringValue)
  }
}
