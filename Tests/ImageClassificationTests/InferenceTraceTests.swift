import LambdaEvents
import Testing

@testable import ImageClassification

@Suite struct InferenceTraceTests {
  private static let object = S3ObjectReference(
    bucket: "photos", key: "uploads/Schäferhund Rex.jpg", versionID: "v/1+", eTag: "abc",
    sequencer: "0065F1A2B3C4D5E6F7")

  private func output(_ path: String?) -> S3ObjectReference {
    S3ObjectReference(bucket: "out", key: "replies/\(path ?? "")/6b2a6bd2-0b4e-4d1d-9d0e-4f4d0c6f3a11.out")
  }

  private func isExtension(_ text: String) -> Bool {
    (1...512).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".utf8.contains($0)
      }
  }

  @Test(arguments: [
    object, S3ObjectReference(bucket: "b", key: "k"),
    S3ObjectReference(bucket: "b", key: "a\u{1}\"\\/🐕", eTag: "e", sequencer: "0"),
    S3ObjectReference(bucket: "b", key: String(repeating: "k", count: 300), sequencer: "00"),
  ])
  func thePathOfTheOutputSufficesForVersionAndOrder(object: S3ObjectReference) throws {
    let path = try #require(InferenceTrace.pathExtension(of: object))
    #expect(isExtension(path))
    let subject = InferenceTrace.subject(output: output(path), input: nil, inferenceID: nil)
    #expect(subject.object == object)
  }

  @Test func ofALongKeyThePathHasTheOrderAndTheMessageTheKey() throws {
    var object = Self.object
    object.key = String(repeating: "ä", count: 500)
    let path = try #require(InferenceTrace.pathExtension(of: object))
    #expect(isExtension(path))
    let alone = InferenceTrace.subject(output: output(path), input: nil, inferenceID: nil)
    #expect(alone.object == nil && alone.isTraced)
    let input = S3ObjectReference(bucket: object.bucket, key: object.key)
    #expect(
      InferenceTrace.subject(output: output(path), input: input, inferenceID: nil).object
        == S3ObjectReference(
          bucket: object.bucket, key: object.key, versionID: "v/1+", eTag: "abc",
          sequencer: "0065F1A2B3C4D5E6F7"))
  }

  @Test func ofAVersionThatDoesNotFitThereIsNoPath() {
    let version = String(repeating: "v", count: 600)
    let object = S3ObjectReference(bucket: "b", key: "k", versionID: version)
    #expect(InferenceTrace.pathExtension(of: object) == nil)
  }

  @Test(arguments: [
    nil, "0065F1A2B3C4D5E6F7", String(repeating: "F", count: 39), String(repeating: "F", count: 40),
    "not hex",
  ])
  func anIDHasAtMost64PrintableCharacters(sequencer: String?) {
    var object = Self.object
    object.sequencer = sequencer
    for requestID in ["8476a536-e9f4-11e8-9739-2dfe598c3fcd", "ü\n x", String(repeating: "r", count: 99)] {
      let id = InferenceTrace.inferenceID(of: object, requestID: requestID)
      #expect((1...64).contains(id.utf8.count))
      #expect(id.utf8.allSatisfy { (0x21...0x7E).contains($0) })
    }
  }

  @Test func theIDsOfTwoRequestsForOneObjectDiffer() {
    var object = Self.object
    object.sequencer = nil
    #expect(
      InferenceTrace.inferenceID(of: object, requestID: "a")
        != InferenceTrace.inferenceID(of: object, requestID: "b"))
    #expect(InferenceTrace.inferenceID(of: nil, requestID: "a") == "ra")
  }

  /// Where the endpoint does not put the extension into the path.
  @Test func theIDAloneHasTheOrderOfAnObjectWithoutVersion() {
    var object = Self.object
    object.versionID = nil
    let input = S3ObjectReference(bucket: object.bucket, key: object.key)
    let id = InferenceTrace.inferenceID(of: object, requestID: "r")
    func sequencer(_ id: String?, _ input: S3ObjectReference) -> String? {
      InferenceTrace.subject(output: output("x"), input: input, inferenceID: id).object?.sequencer
    }
    #expect(sequencer(id, input) == "0065F1A2B3C4D5E6F7")
    #expect(sequencer(id, S3ObjectReference(bucket: "photos", key: "other")) == nil)
    #expect(sequencer("0065F1A2B3C4D5E6F7-0123456789abcdef01234567", input) == nil)
    #expect(sequencer("r" + id, input) == nil, "of a request")
    #expect(sequencer(nil, input) == nil)
  }

  @Test func anImageInARequestIsTracedByItsID() {
    let path = InferenceTrace.pathExtension(ofInlineInput: "rrequest-1")
    #expect(isExtension(path))
    let subject = InferenceTrace.subject(output: output(path), input: nil, inferenceID: nil)
    #expect(subject.object == nil && subject.inferenceID == "rrequest-1")
  }

  @Test(arguments: ["", "x", "WzJd", "WzEsMl0", "e30", "WzEsImEiLCJiIl0", "%%%"])
  func anotherPathTracesNothing(path: String) {
    #expect(!InferenceTrace.subject(output: output(path), input: nil, inferenceID: nil).isTraced)
  }
}
