import JSON
import Platform

extension Classification {
  /// One line about the image for `Log.write(lines:)`: its class, how long that took, and where the result is.
  func line(of log: Log) -> [UInt8] { log.infoLine(logMessage, logFields) }

  /// As bytes, because every invocation pays for it, and appending to a string costs five times as much.
  private var logMessage: String {
    var text: [UInt8] = []
    text.reserveCapacity(256)
    func add(_ part: String) { text += part.utf8 }
    add(source.name)
    if let version = readVersionID {
      add(" version ")
      add(version)
    }
    add(": ")
    add(best.label)
    if let probability = best.probability {
      add(" ")
      text.append(description: probability)
    }
    if let measurements {
      add(" (")
      if let s3Milliseconds {
        add("S3 ")
        text.append(decimal: s3Milliseconds)
        add(" ms, ")
      }
      add("endpoint ")
      text.append(decimal: measurements.endpointMilliseconds)
      add(" ms")
      if let imageBytes {
        add(", ")
        text.append(decimal: imageBytes)
        add(" bytes")
      }
      add(")")
    }
    if let resultKey {
      add(", result ")
      add(resultKey)
    }
    return String(decoding: text, as: UTF8.self)
  }

  private var logFields: LogFields {
    source.logFields.adding(
      LogFields([
        ("versionId", readVersionID.map { .text($0) }), ("class", .text(best.label)),
        ("probability", best.probability.map { .decimal($0) }),
        ("s3Milliseconds", s3Milliseconds.map { .number($0) }),
        ("endpointMilliseconds", measurements.map { .number($0.endpointMilliseconds) }),
        ("imageBytes", imageBytes.map { .number($0) }),
        ("resultKey", resultKey.map { .text($0) }),
      ]))
  }

  private var readVersionID: String? {
    guard case .object(let object) = source else { return nil }
    return versionID ?? object.versionID
  }

  /// Nil where the container fetches the image.
  private var imageBytes: Int64? {
    measurements.flatMap { $0.imageBytes > 0 ? Int64($0.imageBytes) : nil }
  }

  /// Nil where the function did not read the image from S3.
  private var s3Milliseconds: Int64? {
    guard case .object = source, imageBytes != nil else { return nil }
    return measurements?.s3Milliseconds
  }
}
