import Foundation
import JSON
import TestSupport
import Testing

@Suite struct ThumbnailCommandTests {
  private let folder = "events/objects/dog-photos/uploads"

  @Test func photographBecomesASmallPicture() throws {
    let run = try CommandRun(["thumbnail", "\(folder)/mixed-breed.jpg"]).finish()
    #expect(run.status == 0)
    let line = try JSONValue(parsing: run.output)
    #expect(line["path"]?.stringValue == "\(folder)/mixed-breed.jpg")
    let source = try #require(line["thumbnail"]?.stringValue)
    let prefix = "data:image/jpeg;base64,"
    #expect(source.hasPrefix(prefix))
    let bytes = try #require(Data(base64Encoded: String(source.dropFirst(prefix.count))))
    #expect(bytes.starts(with: [0xFF, 0xD8, 0xFF]))
    #expect((1000...24_000).contains(bytes.count))
  }

  /// Names the place where it was taken, and so does not belong on a page.
  @Test func metadataIsNotInThePicture() throws {
    let original = [UInt8](
      try Data(contentsOf: Repository.root.appendingPathComponent("\(folder)/mixed-breed.jpg")))
    let secret = Array("Exif\0\0secret place".utf8)
    let size = secret.count + 2
    let segment = [0xFF, 0xE1, UInt8(size >> 8), UInt8(size & 0xFF)] + secret
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "\(UUID().uuidString).jpg")
    try Data(original.prefix(2) + segment + original.dropFirst(2)).write(to: file)
    // A file that is left does no harm.
    defer { try? FileManager.default.removeItem(at: file) }
    let run = try CommandRun(["thumbnail", file.path]).finish()
    let source = try #require(try JSONValue(parsing: run.output)["thumbnail"]?.stringValue)
    let bytes = try #require(Data(base64Encoded: String(source.split(separator: ",").last ?? "")))
    for hidden in ["secret", "Exif"] { #expect(bytes.range(of: Data(hidden.utf8)) == nil) }
  }

  @Test func fileThatIsNoPhotographHasAnError() throws {
    let run = try CommandRun([
      "thumbnail", "README.md", "/nowhere.jpg", "\(folder)/mixed-breed.jpg",
    ])
    .finish()
    #expect(run.status == 0)
    let lines = try run.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    #expect(lines.count == 3)
    #expect(lines[0]["error"]?.stringValue?.contains("neither a JPEG nor a PNG") == true)
    #expect(lines[1]["error"]?.stringValue == "the file cannot be read")
    #expect(lines[2]["thumbnail"] != nil)
  }
}
