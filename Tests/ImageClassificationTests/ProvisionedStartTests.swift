import ImageClassification
import LoopbackServer
import Platform
import TestSupport
import Testing

@Suite struct ProvisionedStartTests {
  @Test(arguments: [("provisioned-concurrency", ["/ping"]), ("on-demand", [])])
  func onlyAProvisionedEnvironmentMakesTLSReadyBeforeTheFirstEvent(
    kind: String, expected: [String]
  ) throws {
    let authority = try PrivateCertificateAuthority()
    let layer = try TLSLayer(certificate: authority.serverCertificate())
    let targets = Recorder<String>()
    let server = try LoopbackServer(wrap: layer.accept) { request, connection in
      #expect(request.header("Authorization") == nil)
      targets.add(request.target)
      try connection.send(status: 404)
    }
    defer { server.stop() }
    let bundle = try TemporaryFile(authority.rootPEM)
    _ = try ImageClassifier(
      environment: Environment([
        "AWS_LAMBDA_INITIALIZATION_TYPE": kind, "ENDPOINT_NAME": "dog-breeds",
        "AWS_REGION": "us-east-1", "AWS_CA_BUNDLE": bundle.path,
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": "https://127.0.0.1:\(server.port)",
      ]))
    #expect(targets.all == expected)
  }
}
