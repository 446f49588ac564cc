import AWSClient
import AWSControl
import ArgumentParser
import JSON
import Results

struct ResultsShow: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print the result of one image, as JSON.",
    discussion: """
      KEY is the image's key, s3://BUCKET/KEY, or the key of the document itself. Of an image in a bucket with \
      versions the newest result is printed, unless --version-id chooses one.

      Examples:
        inferencectl results show uploads/rex.jpg --function-name photo-classifier
        inferencectl results show s3://my-dog-photos/uploads/rex.jpg --from s3://my-dog-results/results | jq .class
      """)

  @Argument(help: ArgumentHelp("Key of the image, or s3://BUCKET/KEY.", valueName: "key"))
  var key: String

  @OptionGroup var place: ResultPlace
  @OptionGroup var shared: SharedOptions

  @Option(help: ArgumentHelp("Version of the image.", valueName: "id"))
  var versionId: String?

  func run(in session: Session) throws {
    let lookup = ResultLookup(try place.keys(in: session), with: try session.client())
    let images = try lookup.images(of: key, versionID: versionId)
    guard let found = try lookup.newest(of: images) else {
      throw Refusal(
        "There is no result of \(images.map(\.description).joined(separator: " or ")) in \(lookup.keys.location)",
        advice: "To list the images that have one, use `results list --keys`")
    }
    let document = try session.client().readObject(
      S3Location(bucket: lookup.keys.bucket, key: found.key), maximumBytes: 8 << 20)
    let json: JSONValue
    do { json = try JSONValue(parsing: document) } catch {
      throw Refusal("s3://\(lookup.keys.bucket)/\(found.key) is not JSON: \(error)")
    }
    session.output.result("", json: json, asJSON: true)
  }
}
