import LambdaEvents
import Testing

@testable import ImageClassification

@Suite struct InferenceIDTests {
  private static let object = S3ObjectReference(
    bucket: "photos", key: "uploads/Schäferhund Rex.jpg", versionID: "v1",
    sequencer: "0065F1A2B3C4D5E6F7")

  @Test(arguments: [
    nil, "0065F1A2B3C4D5E6F7", String(repeating: "F", count: 39), String(repeating: "F", count: 40),
    "not hex",
  ])
  func anIDHasAtMost64PrintableCharacters(sequencer: String?) {
    var object = Self.object
    object.sequencer = sequencer
    for requestID in [
      "8476a536-e9f4-11e8-9739-2dfe598c3fcd", "ü\n x", String(repeating: "r", count: 99),
    ] {
      let id = InferenceID.text(of: object, requestID: requestID)
      #expect((1...64).contains(id.utf8.count))
      #expect(id.utf8.allSatisfy { (0x21...0x7E).contains($0) })
    }
  }

  @Test func theIDsOfTwoRequestsForOneObjectDiffer() {
    var object = Self.object
    object.sequencer = nil
    #expect(
      InferenceID.text(of: object, requestID: "a") != InferenceID.text(of: object, requestID: "b"))
    #expect(InferenceID.text(of: nil, requestID: "a") == "ra")
  }

  @Test func theIDAloneHasTheOrderOfAnObjectWithoutVersion() {
    var object = Self.object
    object.versionID = nil
    let id = InferenceID.text(of: object, requestID: "r")
    let other = S3ObjectReference(bucket: "photos", key: "other")
    #expect(InferenceID.sequencer(in: id, of: object) == "0065F1A2B3C4D5E6F7")
    #expect(InferenceID.sequencer(in: id, of: other) == nil)
    #expect(
      InferenceID.sequencer(in: "0065F1A2B3C4D5E6F7-0123456789abcdef01234567", of: object) == nil)
    #expect(InferenceID.sequencer(in: "r" + id, of: object) == nil, "of a request")
    #expect(
      InferenceID.sequencer(in: InferenceID.text(of: Self.object, requestID: "r"), of: object)
        == nil,
      "of a version, which is not known")
  }
}
