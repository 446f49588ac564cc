import Foundation
import JSON
import SigV4
import Testing

/// Third-party servers, started by a script of `.ci/checks`, which passes the path of their
/// description in an environment variable. Without the variable the tests are skipped; with
/// `REQUIRE_ORACLES` they fail instead, so that a skip is noticed.
struct Oracle {
  let variable: String
  /// The script that sets it.
  let script: String

  static let moto = Oracle(variable: "MOTO_ORACLE", script: "moto.sh")
  static let rclone = Oracle(variable: "RCLONE_ORACLE", script: "rclone.sh")
  static let miniStack = Oracle(variable: "MINISTACK_ORACLE", script: "ministack.sh")
  static let miniStackLambda = Oracle(variable: "MINISTACK_URL", script: "ministack.sh")
  static let boto3 = Oracle(variable: "BOTO3_PYTHON", script: "boto3-client.sh")
  static let localInvoke = Oracle(variable: "LOCAL_INVOKE_URL", script: "boto3-client.sh")

  var value: String? { ProcessInfo.processInfo.environment[variable] }

  /// Whether the tests run.
  var isExpected: Bool {
    value != nil || ProcessInfo.processInfo.environment["REQUIRE_ORACLES"] != nil
  }

  var absence: Comment {
    "\(variable) is not set: .ci/checks/\(script) starts the servers and sets it"
  }

  func required() throws -> String {
    guard let value else { throw OracleError("\(absence)") }
    return value
  }

  /// The JSON in the variable's file.
  func description() throws -> JSONValue {
    let path = try required()
    return try JSONValue(parsing: Array(Data(contentsOf: URL(fileURLWithPath: path))))
  }
}

/// An oracle or its description does not meet the tests' requirements.
struct OracleError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

extension JSONValue {
  /// A required string.
  func text(_ key: String) throws -> String {
    guard let text = self[key]?.stringValue else {
      throw OracleError("no \(key) in the oracle's description")
    }
    return text
  }

  /// A required member.
  func member(_ key: String) throws -> JSONValue {
    guard let value = self[key] else { throw OracleError("no \(key) in the oracle's description") }
    return value
  }

  /// Credentials of a user or a role's session.
  func credentials() throws -> AWSCredentials {
    AWSCredentials(
      accessKeyID: try text("accessKeyID"), secretAccessKey: try text("secretAccessKey"),
      sessionToken: self["sessionToken"]?.stringValue)
  }
}
