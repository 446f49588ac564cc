import Archives
import Foundation
import Testing

@Suite struct ArchiveTests {
  @Test func packedFilesAreReadAgainByTar() throws {
    let files = [
      ("train.py", Array("print(1)\n".utf8)), ("empty.txt", []),
      ("b", [UInt8](repeating: 7, count: 1000)),
    ]
    let archive = try Gzip.compress(Tar.pack(files.map { (name: $0.0, bytes: $0.1) }))
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(archive).write(to: folder.appendingPathComponent("a.tar.gz"))
    let tar = Process()
    tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    tar.arguments = ["tar", "-xzf", "a.tar.gz", "-C", "."]
    tar.currentDirectoryURL = folder
    try tar.run()
    tar.waitUntilExit()
    #expect(tar.terminationStatus == 0)
    for (name, bytes) in files {
      #expect(try [UInt8](Data(contentsOf: folder.appendingPathComponent(name))) == bytes)
    }
  }

  @Test func sameFilesGiveTheSameBytes() throws {
    let files = [(name: "a", bytes: Array("x".utf8))]
    #expect(try Gzip.compress(Tar.pack(files)) == Gzip.compress(Tar.pack(files)))
  }

  private func labels(_ archive: [UInt8]) throws -> [UInt8]? {
    try Tar.contents(ofGzip: archive, keeping: ["labels.txt": 100]).files["labels.txt"]
  }

  @Test(arguments: ["labels.txt", "./labels.txt"])
  func oneFileIsFoundWhereverItLies(name: String) throws {
    // Random bytes do not compress: the file lies behind several pieces of input.
    var generator = SystemRandomNumberGenerator()
    let weights = (0..<700_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let archive = try Gzip.compress(
      Tar.pack([
        ("model.pth", weights), ("code/labels.txt", Array("wrong\n".utf8)),
        (name, Array("cat\ndog\n".utf8)), ("z", [1]),
      ]))
    #expect(try labels(archive) == Array("cat\ndog\n".utf8))
  }

  @Test func fileThatIsNotThereIsNil() throws {
    let archive = try Gzip.compress(Tar.pack([("a", [1])]))
    #expect(try labels(archive) == nil)
  }

  @Test func archiveCutShortIsRefused() throws {
    let archive = try Gzip.compress(
      Tar.pack([("a", Array("0123456789".utf8)), ("labels.txt", [65])]))
    for count in [0, 5, archive.count / 2] {
      #expect(throws: ArchiveError.self) { try labels(Array(archive.prefix(count))) }
    }
  }

  @Test func fileThatIsNotAnArchiveIsRefused() throws {
    #expect(throws: ArchiveError.self) { try labels(Array("not gzip at all".utf8)) }
    let noTar = try Gzip.compress([UInt8](repeating: 120, count: 2000))
    #expect(throws: ArchiveError.self) { try labels(noTar) }
  }

  @Test func tooLargeAFileIsRefused() throws {
    let archive = try Gzip.compress(Tar.pack([("labels.txt", [UInt8](repeating: 65, count: 101))]))
    #expect(throws: ArchiveError.self) { try labels(archive) }
  }
}
