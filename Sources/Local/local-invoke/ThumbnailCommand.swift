import ArgumentParser
import DogBreedModel
import Foundation
import JSON

/// `local-invoke thumbnail`: small pictures for pages, as `inferencectl evaluate --report` embeds them.
struct ThumbnailCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "thumbnail",
    abstract: "Print small pictures of photographs as data: addresses, one JSON object per line.",
    usage: "local-invoke thumbnail <file> ...",
    discussion: """
      The picture is upright, at most 240 pixels wide and high, and has none of the photograph's metadata, such as the \
      place. A file that is not a JPEG or PNG image has an error instead.

      Example: local-invoke thumbnail rex.jpg
      """)

  /// Pixels of the longer side.
  private static let side = 240
  /// Of a file: a picture of noise is larger than any photograph.
  private static let maximumBytes = 24_000
  private static let qualities: [Int32] = [78, 60, 40, 20]

  @Argument(help: ArgumentHelp("Photographs (JPEG or PNG).", valueName: "file"))
  var paths: [String]

  func run() throws {
    let console = Console()
    var status: Int32 = 0
    for path in paths {
      status = max(status, console.answer(Self.line(path).serialized()))
    }
    throw ExitCode(status)
  }

  private static func line(_ path: String) -> JSONValue {
    guard let data = FileManager.default.contents(atPath: path) else {
      return ["path": .string(path), "error": "the file cannot be read"]
    }
    do {
      let small = try RGBImage(file: Array(data)).fitted(within: side)
      for quality in qualities {
        guard let bytes = small.jpeg(quality: quality), bytes.count <= maximumBytes else {
          continue
        }
        let source = "data:image/jpeg;base64," + Data(bytes).base64EncodedString()
        return ["path": .string(path), "thumbnail": .string(source)]
      }
      return ["path": .string(path), "error": "the picture is too large"]
    } catch {
      return ["path": .string(path), "error": .string("\(error)")]
    }
  }
}
