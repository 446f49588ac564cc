import AWSClient
import AWSControl
import JSON

/// The completion report of a job: `PREFIX/job-ID/manifest.json`, which names the files of its rows.
///
/// S3 writes it at the end of a job of which one task ran, also when the job failed or was canceled. Its counts are
/// the truth: DescribeJob has been seen with 1 success of a job with 100,000.
package struct CompletionReport {
  private let files: [S3Location]
  private let client: ControlClient

  /// - Returns: nil while there is no report.
  /// - Throws: `AWSError`; `Refusal` for any other document.
  package static func find(
    of jobID: String, under place: S3Location, with client: ControlClient
  ) throws -> CompletionReport? {
    let location = place.appending("job-\(jobID)/manifest.json")
    let bytes: [UInt8]
    do {
      bytes = try client.readObject(location, maximumBytes: 64 << 20)
    } catch let error as AWSError where error.code == .noSuchKey {
      return nil
    }
    guard let results = (try? JSONValue(parsing: bytes))?["Results"]?.arrayValue else {
      throw Refusal("\(location) is not the manifest of a completion report")
    }
    var files: [S3Location] = []
    for result in results {
      guard let key = result["Key"]?.stringValue else {
        throw Refusal("\(location) names a file without a key")
      }
      files.append(
        S3Location(bucket: result["Bucket"]?.stringValue ?? place.bucket, key: key))
    }
    return CompletionReport(files: files, client: client)
  }

  /// Reads all rows; one at a time is in memory, and 8 MB of a file.
  ///
  /// - Parameter take: gets nil for any other line.
  /// - Throws: `AWSError`; what `take` throws.
  package func read(_ take: (ReportRow?) throws -> Void) throws {
    for file in files {
      var reader = ReportReader()
      try client.readObject(file) { try reader.add($0, take) }
      try reader.end(take)
    }
  }
}

/// Reads the rows of a report from pieces.
package struct ReportReader {
  /// A field with line breaks may have this many bytes; what is longer was never closed.
  private static let maximumOpenBytes = 1 << 16

  private var lines = LineSplitter()
  private var open: [UInt8] = []

  package init() {}

  package mutating func add(
    _ piece: ArraySlice<UInt8>, _ take: (ReportRow?) throws -> Void
  ) rethrows {
    var open = open
    try lines.add(piece) { try Self.add($0, &open, take) }
    self.open = open
  }

  package mutating func end(_ take: (ReportRow?) throws -> Void) rethrows {
    var open = open
    try lines.end { try Self.add($0, &open, take) }
    if !open.isEmpty { try take(ReportRow(open)) }
    self.open = []
  }

  private static func add(
    _ line: [UInt8], _ open: inout [UInt8], _ take: (ReportRow?) throws -> Void
  ) rethrows {
    var line = line
    if !open.isEmpty {
      // A quotation mark that was never closed must not swallow the tasks behind it.
      if open.count > maximumOpenBytes || ReportRow(line) != nil {
        try take(ReportRow(open))
      } else {
        line = open + [UInt8(ascii: " ")] + line
      }
      open = []
    }
    if line.isEmpty { return }
    if LenientCSV.isOpen(line) {
      open = line
    } else {
      try take(ReportRow(line))
    }
  }
}
