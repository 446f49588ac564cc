import Foundation
import JSON
import LocalAWS
import SigV4
import TestSupport
import Testing

extension Oracle {
  static let deploymentRole = Oracle(variable: "DEPLOYMENT_ROLE_ORACLE", script: "deployment.sh")
}

/// The template's role in moto's IAM mode, which verifies every signature and evaluates the role's
/// policy: InvokeEndpoint with and without its statement. LocalAWS is the S3 for both.
@Suite(.enabled(if: Oracle.deploymentRole.isExpected, Oracle.deploymentRole.absence))
struct DeploymentRoleTests {
  private let description: JSONValue

  init() throws { description = try Oracle.deploymentRole.description() }

  @Test func roleOfTheTemplateMayInvokeTheEndpoint() throws {
    let body = try invoke(as: "with") { try $0.classify(event) }
    #expect(body["results"]?[0]?["class"]?.stringValue == "071.German_shepherd_dog")
  }

  @Test func withoutItsStatementTheErrorNamesTheAction() throws {
    let error = try invoke(as: "without") { try $0.failure(event) }
    #expect(error.type == "SageMaker.AccessDenied")
    for words in ["InvokeEndpoint dog-breeds", "403", "sagemaker:InvokeEndpoint", "/without/"] {
      #expect(error.message.contains(words), "\(error.message)")
    }
  }

  private var event: JSONValue { s3Event(bucket: "dog-photos", encodedKeys: "uploads/dog.pbm") }

  private func invoke<Result>(
    as role: String, _ body: (OracleFunction) throws -> Result
  ) throws -> Result {
    let session = try description.member(role).credentials()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let objects = folder.appendingPathComponent("dog-photos/uploads")
    try FileManager.default.createDirectory(at: objects, withIntermediateDirectories: true)
    // moto accepts only UTF-8 bodies, so the image consists of letters.
    try Data("P1\n2 2\n01\n10\n".utf8).write(to: objects.appendingPathComponent("dog.pbm"))
    let s3 = try LocalAWS(
      configuration: LocalAWS.Configuration(
        objectsFolder: folder, credentials: [session], model: BuiltInModel()))
    defer { s3.stop() }
    let function = try OracleFunction(
      credentials: session, s3URL: s3.s3BaseURL, sageMakerURL: description.text("sageMakerURL"))
    defer { function.stop() }
    return try body(function)
  }
}
