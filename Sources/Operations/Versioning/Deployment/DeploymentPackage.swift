import AWSControl
import Foundation
import Platform
import SigV4

/// A zip to deploy, with the files of `build-zip.sh` beside it.
package struct DeploymentPackage: Sendable {
  /// Lambda's limit of a zip that is uploaded directly: 50 MB.
  /// Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  package static let maximumBytes = 50 << 20

  /// Lambda's limit of a zip in S3 is that of its contents, 250 MB unzipped.
  package static let maximumBytesInS3 = 250 << 20

  package let path: String
  package let bytes: [UInt8]
  /// The bucket through which Lambda gets the zip; nil sends it with the request.
  package let bucket: String?
  /// SHA-256 of the zip in base64, as Lambda's CodeSha256.
  package let codeSHA256: String
  /// `x86_64` or `arm64`; nil without an `.arch` file.
  package let architecture: String?

  package init(
    path: String, bytes: [UInt8], architecture: String?, bucket: String? = nil
  ) {
    self.bucket = bucket
    self.path = path
    self.bytes = bytes
    self.architecture = architecture
    codeSHA256 = String(decoding: Base64.encode(SHA256.digest(bytes)), as: UTF8.self)
  }

  /// Reads a zip, and the `.arch` and `.sha256` beside it.
  ///
  /// - Throws: `Refusal` for a file that is missing, not a zip, too large, or unlike its `.sha256`.
  package init(reading path: String, bucket: String? = nil) throws {
    self.init(
      path: path, bytes: try Self.zip(path, isInS3: bucket != nil),
      architecture: Self.line(path + ".arch"), bucket: bucket)
    if let recorded = Self.line(path + ".sha256"), recorded != codeSHA256 {
      throw Refusal(
        "\(path) does not match \(path).sha256 (\(recorded), not \(codeSHA256))",
        advice: "Run ./build-zip.sh again")
    }
  }

  /// The object in the bucket: one name for each code.
  package func location(ofFunction functionName: String) -> S3Location? {
    let hash = codeSHA256.replacing("/", with: "_").replacing("+", with: "-").replacing(
      "=", with: "")
    return bucket.map {
      S3Location(bucket: $0, key: "inferencectl/\(functionName)/\(hash).zip")
    }
  }

  private static func zip(_ path: String, isInS3: Bool) throws -> [UInt8] {
    let attributes: [FileAttributeKey: Any]
    do {
      attributes = try FileManager.default.attributesOfItem(atPath: path)
    } catch {
      throw Refusal("\(path) cannot be read: there is no such file", advice: "Run ./build-zip.sh")
    }
    let size = (attributes[.size] as? Int) ?? 0
    guard size <= (isInS3 ? maximumBytesInS3 : maximumBytes) else {
      throw Refusal(
        isInS3
          ? "\(path) has \(size) bytes; Lambda takes at most \(maximumBytesInS3) (250 MB)"
          : "\(path) has \(size) bytes; a direct upload may have at most \(maximumBytes) (50 MB)",
        advice: isInS3
          ? ""
          : "Use --s3-bucket with a bucket in the function's region; ./build-zip.sh makes zips of about 4 MB"
      )
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Refusal("\(path) cannot be read", advice: "Check its permissions")
    }
    let bytes = [UInt8](data)
    // The first entry's signature, or that of an empty archive, which Lambda refuses too.
    guard bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) else {
      throw Refusal("\(path) is not a zip file", advice: "Run ./build-zip.sh")
    }
    return bytes
  }

  private static func line(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map {
      String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
  }
}
