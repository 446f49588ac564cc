import DogBreedModel
import Foundation
import Testing

/// The Swift half of .ci/checks/onnx-logits.sh, which compares these logits with onnxruntime's.
@Suite struct LogitsForONNXRuntimeTests {
  private static let environment = ProcessInfo.processInfo.environment

  @Test(
    .enabled(
      if: environment["LOGITS_IMAGES"] != nil && environment["LOGITS_OUTPUT"] != nil,
      "only .ci/checks/onnx-logits.sh names the images and the file for their logits"))
  func logitsOfEveryImageOfAFolderAreWritten() throws {
    let folder = URL(fileURLWithPath: try #require(Self.environment["LOGITS_IMAGES"]))
    let output = URL(fileURLWithPath: try #require(Self.environment["LOGITS_OUTPUT"]))
    let model = try Fixtures.model.get()
    var logits = [String: [Float]]()
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where name.hasSuffix(".jpg") {
      let jpeg = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
      logits[name] = try model.logits(file: jpeg)
    }
    #expect(!logits.isEmpty)
    try JSONEncoder().encode(logits).write(to: output)
  }
}
