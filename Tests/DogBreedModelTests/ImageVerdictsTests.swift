import CZlib
import DogBreedModel
import Foundation
import Testing

/// The Swift half of .ci/checks/images.sh, which compares these pixels and verdicts with Pillow's and the training
/// scripts'.
@Suite(.serialized) struct ImageVerdictsTests {
  private static let environment = ProcessInfo.processInfo.environment

  private struct Verdict: Encodable {
    var refusal: String?
    /// CRC-32 of the decoded pixels, and their size.
    var pixels: UInt32?
    var width: Int?
    var height: Int?
    /// Of processor time: other programs of the machine do not count.
    var seconds = 0.0
    /// The process's peak while this image was read and classified, in megabytes.
    var megabytes = 0.0
  }

  @Test(
    .enabled(
      if: environment["VERDICT_IMAGES"] != nil && environment["VERDICT_OUTPUT"] != nil,
      "only .ci/checks/images.sh names the images and the file for their verdicts"))
  func verdictsOnEveryImageOfAFolderAreWritten() throws {
    let folder = URL(fileURLWithPath: try #require(Self.environment["VERDICT_IMAGES"]))
    let output = URL(fileURLWithPath: try #require(Self.environment["VERDICT_OUTPUT"]))
    let model = try Fixtures.model.get()
    var verdicts: [String: Verdict] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let file = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
      verdicts[name] = try Self.verdict(file, model)
    }
    #expect(!verdicts.isEmpty)
    try JSONEncoder().encode(verdicts).write(to: output)
  }

  private static func verdict(_ file: [UInt8], _ model: DogBreedModel) throws -> Verdict {
    var verdict = Verdict()
    try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
    let start = clock()
    do throws(ImageFileError) {
      let image = try RGBImage(file: file)
      _ = model.logits(of: image)
      verdict.seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
      verdict.megabytes = peakMegabytes()
      verdict.pixels = image.pixels.withUnsafeBufferPointer {
        UInt32(crc32_z(0, $0.baseAddress, $0.count))
      }
      (verdict.width, verdict.height) = (image.width, image.height)
    } catch {
      verdict.refusal = error.description
      verdict.seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
      verdict.megabytes = peakMegabytes()
    }
    return verdict
  }

  private static func peakMegabytes() -> Double {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
    else { return 0 }
    return kilobytes / 1000
  }
}
