import ArgumentParser
import Foundation
import LocalAWS

/// `local-invoke generate`: prints an event to edit.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Print the event of an uploaded object, to edit and to replay.",
    usage: "local-invoke generate <service> --bucket <bucket> --key <key> [--region <region>]",
    discussion: """
      The key is written as the service writes it: S3 encodes it as in a form (a space becomes +, a + becomes %2B), also \
      inside SQS, SNS, and S3 Batch Operations; EventBridge does not. If the object exists in the folder of objects, its \
      size and ETag are used.

      Examples:
        local-invoke generate s3 --bucket dog-photos --key 'uploads/Schäferhund Rex.jpg' > event.json
        local-invoke generate sqs --bucket dog-photos --key uploads/mixed-breed.jpg | local-invoke -
      """)

  @Argument(
    help: ArgumentHelp(
      "Service that sends the event: s3, sqs, sns, eventbridge, batch, or direct.",
      valueName: "service"))
  var source: EventSource

  @Option(help: ArgumentHelp("Bucket, for example dog-photos.", valueName: "bucket"))
  var bucket: String

  @Option(
    help: ArgumentHelp(
      "Key of the object, not encoded, for example 'uploads/Rex 1.jpg'.", valueName: "key"))
  var key: String

  @Option(help: ArgumentHelp("Region of the bucket.", valueName: "region"))
  var region = "us-east-1"

  @Option(
    help: ArgumentHelp("Folder of objects, BUCKET/KEY, for size and ETag.", valueName: "dir"))
  var objects = "events/objects"

  func validate() throws {
    guard source.refersToObject else {
      throw ValidationError(
        "An HTTP event contains the photograph. To replay one, use: local-invoke rex.jpg --event http"
      )
    }
    guard !bucket.isEmpty, !bucket.contains("/") else {
      throw ValidationError("--bucket must be the name of a bucket, for example dog-photos.")
    }
    guard (1...1024).contains(key.utf8.count) else {
      throw ValidationError("--key must have 1 to 1,024 bytes, S3's limit.")
    }
  }

  func run() throws {
    let console = Console()
    let object = UploadedObject(file: "\(objects)/\(bucket)/\(key)", bucket: bucket, key: key)
    let event = UploadEvent(region: region, time: Date()).event(from: source, of: object)
    for remark in remarks { console.note(remark) }
    throw ExitCode(console.answer(event))
  }

  /// Keys that a person may have encoded by hand.
  private var remarks: [String] {
    guard source != .direct, source != .eventbridge else { return [] }
    var remarks: [String] = []
    if key.contains("+") {
      remarks.append(
        "Note: --key is taken literally: its + becomes %2B. In an event, + stands for a space; for a key with a space, "
          + "write the space.")
    }
    if let decoded = key.removingPercentEncoding, decoded != key {
      remarks.append(
        "Note: --key is taken literally: its % becomes %25. If the key is \(decoded), write that.")
    }
    return remarks
  }
}

extension UploadedObject {
  /// Size and ETag of a file; those of an empty object if there is none.
  fileprivate init(file: String, bucket: String, key: String) {
    let bytes = FileManager.default.contents(atPath: file).map(Array.init) ?? []
    self.init(bucket: bucket, key: key, bytes: bytes.count, eTag: ObjectTag.of(bytes))
  }
}
