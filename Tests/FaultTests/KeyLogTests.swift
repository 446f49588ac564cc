import Foundation
import LoopbackServer
import RuntimeEmulator
import TestSupport
import Testing

/// libcurl writes the keys of TLS sessions into the file that `SSLKEYLOGFILE` names.
@Suite struct KeyLogTests {
  @Test func noVariableMakesTheFunctionWriteTheKeysOfItsConnections() throws {
    let authority = try PrivateCertificateAuthority()
    let layer = try TLSLayer(certificate: authority.serverCertificate())
    let aws = try LoopbackServer(wrap: layer.accept) { request, connection in
      let isRead = request.method == "GET"
      try connection.send(
        status: 200, body: isRead ? [0xFF, 0xD8, 0xFF] : Array("[[-1.5,2.25]]".utf8))
    }
    defer { aws.stop() }
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let bundle = try TemporaryFile(authority.rootPEM)
    let keys = FileManager.default.temporaryDirectory.appendingPathComponent(
      "keys-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: keys) }
    let process = try BootstrapProcess(environment: [
      "AWS_LAMBDA_RUNTIME_API": emulator.address, "AWS_REGION": "us-east-1",
      "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
      "ENDPOINT_NAME": "e", "AWS_ENDPOINT_URL": "https://127.0.0.1:\(aws.port)",
      "AWS_CA_BUNDLE": bundle.path, "SSLKEYLOGFILE": keys.path,
    ])
    let outcome = emulator.invoke(Array(#"{"bucket":"b","key":"k"}"#.utf8))
    process.stop()
    #expect(String(decoding: outcome.payload, as: UTF8.self).contains(#""statusCode":200"#))
    #expect(!FileManager.default.fileExists(atPath: keys.path))
  }
}
