import Foundation
import JSON
import TestSupport
import Testing

private let uploads = "events/objects/dog-photos/uploads"
private let shepherd = "\(uploads)/Schäferhund Rex.jpg"
private let mixedBreed = "\(uploads)/mixed-breed.jpg"

@Suite struct PhotographTests {
  /// The answers on standard output, one per line.
  private func answers(_ output: String) throws -> [JSONValue] {
    try output.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
  }

  private func results(_ answer: JSONValue) throws -> [JSONValue] {
    try JSONValue(parsing: answer["body"]?.stringValue ?? "")["results"]?.arrayValue ?? []
  }

  @Test func photographIsPutIntoS3AndClassified() throws {
    let run = try localInvoke(shepherd)
    #expect(run.status == 0, "\(run.errors)")
    let answer = try #require(try answers(run.output).first)
    let result = try #require(try results(answer).first)
    #expect(result["class"] == "German shepherd")
    #expect(result["source"]?["bucket"] == "dog-photos")
    #expect(result["source"]?["key"] == "uploads/Schäferhund Rex.jpg")
    #expect(run.errors.contains("German shepherd") && run.errors.contains("█"))
  }

  @Test func bucketAndPrefixAreThoseOfTheFunction() throws {
    let run = try localInvoke(
      mixedBreed, environment: ["IMAGE_BUCKET": "pets", "IMAGE_PREFIX": "in/"])
    #expect(run.status == 0, "\(run.errors)")
    let answer = try #require(try answers(run.output).first)
    let result = try #require(try results(answer).first)
    #expect(result["source"]?["bucket"] == "pets")
    #expect(result["source"]?["key"] == "in/mixed-breed.jpg")
  }

  @Test func severalPhotographsAndEventsHaveAnAnswerEach() throws {
    let run = try localInvoke(mixedBreed, "events/s3-two-records.json", shepherd)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try answers(run.output).map { try results($0).count } == [1, 2, 1])
    #expect(run.errors.contains("3 events: 3 succeeded, 0 failed.\n"))
  }

  @Test func folderIsReplayedInTheOrderOfItsNames() throws {
    let folder = try TemporaryFolder()
    let photograph = try Data(
      contentsOf: Repository.root.appendingPathComponent(mixedBreed))
    for name in ["photo 10.jpg", "photo 2.jpg", "notes.txt", ".hidden.jpg"] {
      let data = name.hasSuffix(".txt") ? Data("Rex".utf8) : photograph
      try data.write(to: folder.url.appendingPathComponent(name))
    }
    let run = try localInvoke(folder.url.path)
    #expect(run.status == 0, "\(run.errors)")
    let keys = try answers(run.output).compactMap {
      try results($0).first?["source"]?["key"]?.stringValue
    }
    let name = folder.url.lastPathComponent
    #expect(keys == ["uploads/\(name)/photo 2.jpg", "uploads/\(name)/photo 10.jpg"])
    #expect(run.errors.contains("not photographs: notes.txt"))
  }

  @Test(arguments: ["s3", "sqs", "sns", "eventbridge", "batch", "direct", "http"])
  func eachServicesEventIsUnderstood(source: String) throws {
    let run = try localInvoke(shepherd, "--event", source)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("German shepherd") || source == "sqs")
    #expect(run.errors.contains("German shepherd"))
  }

  @Test(arguments: ["s3", "sqs", "sns", "eventbridge", "batch", "direct"])
  func nameWithAPlusReachesTheFunctionAsItIs(source: String) throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("Rex+1 100%.jpg")
    try FileManager.default.copyItem(
      at: Repository.root.appendingPathComponent(mixedBreed), to: file)
    let run = try localInvoke(file.path, "--event", source)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("s3://dog-photos/uploads/Rex+1 100%.jpg: "))
  }

  @Test func sqsSendsSeveralPhotographsInOneEvent() throws {
    let run = try localInvoke(mixedBreed, shepherd, "--event", "sqs")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output == "{\"batchItemFailures\":[]}\n")
    #expect(run.errors.components(separatedBy: "REPORT RequestId").count == 2)
  }

  @Test func photographMayComeFromStandardInput() throws {
    let run = try ShellRun(
      "exec \"$0\" - --output text < \"\(mixedBreed)\"", program: "local-invoke")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("s3://dog-photos/uploads/photograph.jpg\n"))
  }

  @Test func textOutputHasBarsInsteadOfJSON() throws {
    let run = try localInvoke(shepherd, "--output", "text")
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 6)
    #expect(lines.first == "s3://dog-photos/uploads/Schäferhund Rex.jpg")
    #expect(lines.dropFirst().first?.contains("German shepherd") == true)
    #expect(!run.errors.contains("█"))
  }

  @Test func textOutputNamesTheError() throws {
    let run = try localInvoke(
      "-", "--output", "text", input: "{\"bucket\":\"dog-photos\",\"key\":\"none.jpg\"}")
    #expect(run.status == 1)
    #expect(run.output.hasPrefix("Error: 404 S3.NoSuchKey: "), "\(run.output)")
  }
}

@Suite struct UnsuitableFileTests {
  @Test(
    arguments: [
      (Array("Dear Rex".utf8), #"it is text that begins with "Dear Rex""#),
      (Array("%PDF-1.7".utf8), "it is a PDF document"),
      ([0x50, 0x4B, 3, 4], "it is a ZIP archive"),
      ([0, 1, 2, 3], "it is a file that begins with the bytes 00 01 02 03"),
      ([], "is empty"),
      (
        Array("RIFF1234WEBPVP8 ".utf8), "is a WEBP image, and the built-in model reads JPEG and PNG"
      ),
      ([0, 0, 0, 24] + Array("ftypheic".utf8), "is a HEIC image"),
    ] as [([UInt8], String)])
  func fileThatIsNeitherEventNorPhotographIsDescribed(bytes: [UInt8], words: String) throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("file")
    try Data(bytes).write(to: file)
    let run = try localInvoke(file.path)
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains(words), "\(run.errors)")
  }

  @Test func folderWithoutPhotographsNamesItsFolders() throws {
    let run = try localInvoke("events/objects/dog-photos")
    #expect(run.status == 2)
    #expect(
      run.errors.contains("Folders in it are not searched; to replay one, name it: uploads/."))
  }

  @Test func namedPipeInAFolderIsSkipped() throws {
    let folder = try TemporaryFolder()
    try #require(mkfifo(folder.url.appendingPathComponent("pipe").path, 0o600) == 0)
    let run = try localInvoke(folder.url.path)
    #expect(run.status == 2)
    #expect(run.errors.contains("contains no photograph"))
  }

  @Test(arguments: ["", " \n"])
  func emptyStandardInputIsNamed(input: String) throws {
    let run = try localInvoke("-", input: input)
    #expect(run.status == 2)
    #expect(run.errors.contains("Standard input is empty."), "\(run.errors)")
  }

  @Test func missingFileIsNamed() throws {
    let run = try localInvoke("nowhere.jpg")
    #expect(run.status == 2)
    #expect(run.errors.contains("Cannot read nowhere.jpg: there is no such file or folder"))
  }
}

@Suite struct GenerateTests {
  @Test(arguments: ["s3", "sqs", "sns", "eventbridge", "batch", "direct"])
  func generatedEventIsReplayed(source: String) throws {
    let event = try localInvoke(
      "generate", source, "--bucket", "dog-photos", "--key", "uploads/Schäferhund Rex.jpg")
    #expect(event.status == 0, "\(event.errors)")
    #expect(event.errors.isEmpty)
    let run = try localInvoke("-", input: event.output)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("German shepherd"))
  }

  @Test func keyIsEncodedAsS3DoesAndSizeAndETagAreTheObjects() throws {
    let run = try localInvoke(
      "generate", "s3", "--bucket", "dog-photos", "--key", "uploads/Schäferhund Rex.jpg")
    let record = try JSONValue(parsing: run.output)["Records"]?[0]
    let time = record?["eventTime"]?.stringValue ?? ""
    #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil, "\(time)")
    let object = record?["s3"]?["object"]
    #expect(object?["key"] == "uploads/Sch%C3%A4ferhund+Rex.jpg")
    #expect(object?["size"] == 328_016)
    #expect(object?["eTag"] == "5818a2665423452f12f76c7b4ed076b7")
  }

  @Test func plusTypedByHandIsExplained() throws {
    let run = try localInvoke("generate", "s3", "--bucket", "b", "--key", "Rex+1.jpg")
    #expect(run.status == 0)
    #expect(run.output.contains("Rex%2B1.jpg"))
    #expect(run.errors.contains("its + becomes %2B"))
    let encoded = try localInvoke("generate", "s3", "--bucket", "b", "--key", "Rex%201.jpg")
    #expect(encoded.errors.contains("If the key is Rex 1.jpg, write that."))
    // Not encoded by the service, so nothing to explain.
    let bus = try localInvoke("generate", "eventbridge", "--bucket", "b", "--key", "Rex+1.jpg")
    #expect(bus.errors.isEmpty)
  }

  @Test(arguments: [
    ["generate"], ["generate", "http", "--bucket", "b", "--key", "k"],
    ["generate", "s3", "--bucket", "b"], ["generate", "s3", "--bucket", "", "--key", "k"],
    ["generate", "kinesis", "--bucket", "b", "--key", "k"],
  ])
  func wrongUsageIsStatus2(arguments: [String]) throws {
    let run = try CommandRun(arguments).finish()
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("Error: "))
    #expect(run.errors.contains("local-invoke generate"))
  }
}
