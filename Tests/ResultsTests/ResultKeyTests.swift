import AWSControl
import LambdaEvents
import Platform
import Results
import Testing

@testable import ImageClassification

@Suite struct ResultKeyTests {
  private static let images = [
    ImageReference(bucket: "photos", key: "rex.jpg"),
    ImageReference(bucket: "photos", key: "uploads/2026/a b+c%20.jpg"),
    ImageReference(bucket: "photos", key: "/leading//double/"),
    ImageReference(bucket: "photos", key: "name.json"),
    ImageReference(bucket: "my.photos", key: "rex.jpg", versionID: "3sL4kqtJlcpXroDTDmJ"),
    ImageReference(bucket: "photos", key: "a/b.json/c", versionID: "null"),
    ImageReference(bucket: "photos", key: "\u{1B}[2J\n%1B\"'<script>=1+1,", versionID: "v"),
    ImageReference(bucket: "photos", key: "é/ÿ🐕.jpg"),
    ImageReference(bucket: "photos", key: "\u{301}a/\u{301}\r\n/\u{301}", versionID: "v"),
  ]

  /// The function writes the documents, this reads them.
  @Test(arguments: images, ["", "results", "/results/dogs//"])
  func keyIsThatOfTheFunction(image: ImageReference, prefix: String) throws {
    let function = try #require(
      try ResultLocation(
        environment: Environment(["RESULT_BUCKET": "kept", "RESULT_PREFIX": prefix])))
    let keys = ResultKeys(S3Location(bucket: "kept", key: prefix))
    let written = function.key(
      for: S3ObjectReference(bucket: image.bucket, key: image.key, versionID: image.versionID))
    #expect(keys.key(for: image) == written)
    #expect(keys.image(ofKey: written) == image)
  }

  @Test(arguments: [
    "results/photos/rex.jpg", "results/photos.json", "results//rex.json", "other/photos/rex.json",
    "results/photos/.json", "results/@versions/rex.jpg/v.json", "results/photos@versions/v.json",
  ])
  func anyOtherKeyIsNotADocument(key: String) {
    let keys = ResultKeys(S3Location(bucket: "kept", key: "results"))
    #expect(keys.image(ofKey: key) == nil)
  }

  @Test func keysThatLookTheSameAreTwoImages() {
    let images = ["\u{E9}.jpg", "e\u{301}.jpg"].map { ImageReference(bucket: "photos", key: $0) }
    #expect(images[0] != images[1])
    #expect(Set(images).count == 2)
  }

  @Test func imagesOfABucketHaveTwoPlaces() {
    let keys = ResultKeys(S3Location(bucket: "kept", key: "results"))
    let places = keys.locations(ofImagesBelow: S3Location(bucket: "photos", key: "uploads/"))
    #expect(
      places.map(\.description) == [
        "s3://kept/results/photos/uploads/", "s3://kept/results/photos@versions/uploads/",
      ])
    #expect(keys.locations(ofImagesBelow: nil) == [keys.location])
  }
}
