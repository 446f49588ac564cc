import AWSControl
import Archives
import OperationsSupport
import TestSupport
import Testing

@testable import Endpoints

@Suite struct ModelArchiveTests {
  @Test(arguments: ["cat\ndog\n", "cat\r\ndog\r\n", "cat\r\ndog"])
  func labelsOfWindowsAreTheSame(text: String) throws {
    #expect(try ModelLabels(bytes: Array(text.utf8), place: "labels.txt").names == ["cat", "dog"])
  }

  private static let servable: [(name: String, bytes: [UInt8])] = [
    ("model.pth", [1, 2, 3]), ("model.json", [1]), ("labels.txt", Array("cat\ndog\n".utf8)),
    ("code/inference.py", Array("x = 1\n".utf8)), ("code/networks.py", [1]),
  ]

  private func archive(_ files: [(name: String, bytes: [UInt8])]) throws -> ModelArchive {
    let bytes = try Gzip.compress(Tar.pack(files))
    let fixture = try ControlFixture([.init(200, bytes: bytes)])
    return try ModelArchive(
      S3Location(bucket: "models", key: "model.tar.gz"), with: fixture.client)
  }

  @Test func archiveOfTheTrainingScriptIsServable() throws {
    let archive = try archive(Self.servable)
    try archive.requireServable()
    #expect(try archive.modelLabels().names == ["cat", "dog"])
  }

  @Test func namesMayBeginWithTheCurrentFolder() throws {
    try archive(Self.servable.map { ("./\($0.name)", $0.bytes) }).requireServable()
  }

  @Test(arguments: ["model.pth", "code/inference.py"])
  func archiveWithoutModelOrCodeIsRefused(name: String) throws {
    let archive = try archive(Self.servable.filter { $0.name != name })
    let refusal = #expect(throws: Refusal.self) { try archive.requireServable() }
    #expect(
      refusal?.reason.hasPrefix("s3://models/model.tar.gz has no \(name) and could not serve")
        == true)
    #expect(try archive.modelLabels().names.count == 2)
  }

  @Test func archiveOfTheFolderInsteadOfItsContentsSaysWhereTheModelIs() throws {
    let archive = try archive(Self.servable.map { ("model/\($0.name)", $0.bytes) })
    let refusal = #expect(throws: Refusal.self) { try archive.requireServable() }
    #expect(refusal?.reason.hasSuffix("it is at model/model.pth") == true)
    #expect(refusal?.advice.contains("tar -C MODEL -czf model.tar.gz .") == true)
  }

  @Test func packagesAndSizeAreWarnedOfForServerless() throws {
    let packages = try archive(Self.servable + [("code/requirements.txt", Array("timm".utf8))])
    #expect(packages.serverlessWarnings(memoryMegabytes: 1024).count == 1)
    #expect(packages.serverlessWarnings(memoryMegabytes: 1024)[0].contains("requirements.txt"))
    let large = try archive([("model.pth", Array(repeating: 0, count: 3 << 20))])
    #expect(large.serverlessWarnings(memoryMegabytes: 2).count == 1)
    #expect(large.serverlessWarnings(memoryMegabytes: 3).isEmpty)
  }

  @Test func emptyModelIsRefused() throws {
    let files = Self.servable.map { $0.name == "model.pth" ? ($0.name, []) : $0 }
    let refusal = #expect(throws: Refusal.self) { try archive(files).requireServable() }
    #expect(refusal?.reason == "model.pth in s3://models/model.tar.gz is empty")
  }

  @Test func programOfTheContainerIsTheOneThatMustBeThere() throws {
    let files = Self.servable + [("code/serve.py", [1])]
    try archive(files).requireServable(program: "serve.py")
    #expect(throws: Refusal.self) { try archive(files).requireServable(program: "other.py") }
  }

  @Test func archiveThatWasCutBehindItsLabelsIsRefused() throws {
    var generator = SeededGenerator(seed: 7)
    let weights = (0..<300_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let whole = try Gzip.compress(
      Tar.pack([("labels.txt", Array("cat\ndog\n".utf8)), ("model.pth", weights)]))
    let fixture = try ControlFixture([.init(200, bytes: Array(whole.dropLast(40_000)))])
    #expect(throws: Refusal.self) {
      try ModelArchive(S3Location(bucket: "mmm", key: "k"), with: fixture.client)
    }
  }

  @Test func archiveOfSeveralGzipMembersIsReadWhole() throws {
    let tar = try Tar.pack(Self.servable)
    let parts = try Gzip.compress(Array(tar[..<700])) + Gzip.compress(Array(tar[700...]))
    let fixture = try ControlFixture([.init(200, bytes: parts)])
    try ModelArchive(S3Location(bucket: "mmm", key: "k"), with: fixture.client).requireServable()
  }

  // MARK: Labels

  private func labels(_ text: String?) throws -> ModelLabels {
    try archive(
      [("model.pth", [1])] + (text.map { [("labels.txt", Array($0.utf8))] } ?? [])
    ).modelLabels()
  }

  @Test func labelsComeOutOfTheArchive() throws {
    let labels = try labels("cat\nGroßer Hund\n")
    #expect(labels.names == ["cat", "Großer Hund"])
    #expect(labels.file == Array("cat\nGroßer Hund\n".utf8))
  }

  @Test(arguments: [nil, "cat\n", "cat\n\ndog\n", ""])
  func archiveWithoutProperLabelsIsRefused(text: String?) {
    #expect(throws: Refusal.self) { try labels(text) }
  }

  @Test func fileThatIsNotAnArchiveIsRefused() throws {
    let fixture = try ControlFixture([.init(200, body: "<html>")])
    let refusal = #expect(throws: Refusal.self) {
      try ModelArchive(S3Location(bucket: "mmm", key: "k"), with: fixture.client)
    }
    #expect(
      refusal?.reason == "s3://mmm/k is not a model.tar.gz: it is not a gzip file, or a damaged one"
    )
  }
}
