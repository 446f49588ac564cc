import Foundation
import HTTPClient
import JSON
import LocalAWS
import SigV4
import TestSupport
import Testing

@Suite struct BuiltInModelTests {
  private static let photograph = Repository.root.appendingPathComponent(
    "events/objects/dog-photos/uploads/Schäferhund Rex.jpg")
  private static let model = BuiltInModel()

  private func fixture() throws -> LocalAWSFixture {
    let fixture = try LocalAWSFixture(model: Self.model)
    try FileManager.default.copyItem(
      at: Self.photograph, to: fixture.folder.appendingPathComponent("objects/photos/rex ü.jpg"))
    return fixture
  }

  private func logits(_ response: HTTPResponse) throws -> [Double] {
    #expect(response.status == 200, "\(text(response))")
    let rows = try JSONValue(parsing: response.body).arrayValue ?? []
    #expect(rows.count == 1)
    return (rows.first?.arrayValue ?? []).compactMap(\.doubleValue)
  }

  @Test func aPhotographGives118Logits() throws {
    let body = Array(try Data(contentsOf: Self.photograph))
    let values = try logits(fixture().invoke(body: body))
    #expect(values.count == 118)
    // The German shepherd is class 235 of ImageNet, the 84th breed from 151.
    #expect(values.indices.max { values[$0] < values[$1] } == 84)
  }

  @Test(arguments: ["s3", "plain", "presigned"])
  func aURLOfItsOwnS3IsFetched(form: String) throws {
    let fixture = try fixture()
    let json = [("Content-Type", "application/json")]
    let base = fixture.aws.s3BaseURL
    let url =
      switch form {
      case "s3": "s3://photos/rex ü.jpg"
      case "plain": "\(base)/photos/rex%20%C3%BC.jpg"
      default:
        base
          + Signer().presign(
            SigningRequest(
              method: "GET", path: "/photos/rex ü.jpg",
              headers: [HeaderField(name: "Host", value: String(base.dropFirst(7)))],
              payloadHash: .unsigned,
              style: .s3),
            credentials: credentials, region: "us-east-1", service: "s3", time: now(),
            expiresInSeconds: 60)
      }
    let body = (["url": .string(url)] as JSONValue).serialized()
    #expect(try logits(fixture.invoke(body: body, headers: json)).count == 118)
  }

  @Test(arguments: [
    "{\"url\":\"http://example.com/x.jpg\"}", "{\"url\":\"s3://photos/none.jpg\"}",
    "{\"url\":\"s3://photos\"}",
    "{\"url\":\"BASE/photos/a.jpg?X-Amz-Signature=0\"}", "{\"key\":1}", "no json",
  ])
  func anyOtherURLIsAModelError(body: String) throws {
    let fixture = try fixture()
    let body = body.replacingOccurrences(of: "BASE", with: fixture.aws.s3BaseURL)
    let response = try fixture.invoke(
      body: Array(body.utf8), headers: [("Content-Type", "application/json")])
    #expect(response.status == 424)
  }

  @Test func aBodyThatIsNoJPEGIsA500WithATraceback() throws {
    let response = try fixture().invoke(body: Array("no image".utf8))
    #expect(response.status == 424)
    let body = try JSONValue(parsing: response.body)
    #expect(body["OriginalStatusCode"] == 500)
    #expect(
      body["OriginalMessage"]?.stringValue?.contains("\nTraceback (most recent call last):\n")
        == true)
    #expect(body["OriginalMessage"]?.stringValue?.hasPrefix("cannot identify image file") == true)
  }

  @Test func aPNGIsClassifiedWhereTheTypeAllowsIt() throws {
    let png = try #require(
      Data(
        base64Encoded:
          "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGMQUDAAAACkAGE0Zn1yAAAAAElFTkSuQmCC"
      ))
    for (type, status) in [("image/png", 200), ("application/x-image", 200), ("image/jpeg", 424)] {
      let response = try fixture().invoke(body: Array(png), headers: [("Content-Type", type)])
      #expect(response.status == status)
      if status == 200 { #expect(try logits(response).count == 118) }
    }
  }

  @Test func anotherContentTypeIsA415() throws {
    let response = try fixture().invoke(headers: [("Content-Type", "image/gif")])
    #expect(try JSONValue(parsing: response.body)["OriginalStatusCode"] == 415)
  }
}
