import Foundation
import Testing

@testable import DogBreedModel

@Suite struct WeightFileTests {
  private static let metadata =
    #""__metadata__":{"format":"efficientnet-lite0-dogs","version":"1"}"#

  /// The tensors of a file with this header and these bytes behind it.
  private func weights(header: String, tensors: [UInt8] = []) throws -> WeightFile {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    try Data(length + Array(header.utf8) + tensors).write(to: file)
    return try WeightFile(contentsOf: file)
  }

  @Test func halvesAndFloatsAreRead() throws {
    let file = try weights(
      header: "{\(Self.metadata),"
        + #""a":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]},"#
        + #""b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}"#,
      // 1, -2, the largest, the smallest normal, the smallest subnormal, -0; then 0.5
      tensors: [0, 0x3C, 0, 0xC0, 0xFF, 0x7B, 0, 0x04, 0x01, 0, 0, 0x80] + [0, 0, 0, 0x3F])
    let halves = try file.values(of: "a", shape: [2, 3])
    #expect(halves == [1, -2, 65_504, 0x1p-14, 0x1p-24, 0])
    #expect(halves[5].sign == .minus)
    #expect(try file.values(of: "b", shape: [1]) == [0.5])
  }

  @Test(arguments: [
    #""a":{"dtype":"F16","shape":[2],"data_offsets":[0,6]}"#,
    #""a":{"dtype":"F16","shape":[2],"data_offsets":[2,6]}"#,
    #""a":{"dtype":"F16","shape":[2],"data_offsets":[-4,0]}"#,
    #""a":{"dtype":"F16","shape":[2],"data_offsets":[0]}"#,
    #""a":{"dtype":"I8","shape":[2],"data_offsets":[0,4]}"#,
    #""a":{"dtype":"F16","shape":[4],"data_offsets":[0,4]}"#,
    #""b":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}"#,
  ])
  func tensorThatDoesNotFitIsRefused(entry: String) throws {
    let file = try weights(header: "{\(Self.metadata),\(entry)}", tensors: [0, 0, 0, 0])
    #expect(throws: ModelResourceError.self) { try file.values(of: "a", shape: [2]) }
  }

  @Test(arguments: ["", "{", "{}", "[]", #"{"__metadata__":{"format":"other","version":"1"}}"#])
  func fileThatIsNotOursIsRefused(header: String) {
    #expect(throws: ModelResourceError.self) { try weights(header: header) }
  }

  @Test func missingFileIsNamed() throws {
    let error = #expect(throws: ModelResourceError.self) {
      try WeightFile(contentsOf: URL(fileURLWithPath: "/nowhere/weights"))
    }
    #expect(error?.description.contains("/nowhere/weights") == true)
  }
}
