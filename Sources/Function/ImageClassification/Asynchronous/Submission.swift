import JSON
import Platform

/// An image that an asynchronous endpoint accepted. Its result comes with a later event.
struct Submission {
  let source: ImageSource
  /// Of the object that was there when it was submitted.
  let eTag: String?
  let inferenceID: String
  /// Where the container's reply will be; the endpoint chooses it.
  let outputLocation: String?
  let measurements: Classification.Measurements

  /// For the report of a job.
  var summary: String { "accepted as \(inferenceID); its result follows" }

  /// Writes the image's source and the inference as members of an open object.
  func writeMembers(to writer: inout JSONWriter) {
    writer.key("source")
    source.write(to: &writer, versionID: nil, eTag: eTag)
    writer.key("inferenceId")
    writer.string(inferenceID)
    guard let outputLocation else { return }
    writer.key("outputLocation")
    writer.string(outputLocation)
  }

  /// One line for `Log.write(lines:)`.
  func line(of log: Log) -> [UInt8] {
    log.infoLine(
      "\(source.name): accepted as \(inferenceID) (S3 \(measurements.s3Milliseconds) ms, endpoint "
        + "\(measurements.endpointMilliseconds) ms, \(measurements.imageBytes) bytes)"
        + (outputLocation.map { ", output \($0)" } ?? ""),
      source.logFields.adding(
        LogFields([
          ("inferenceId", .text(inferenceID)),
          ("s3Milliseconds", .number(measurements.s3Milliseconds)),
          ("endpointMilliseconds", .number(measurements.endpointMilliseconds)),
          ("imageBytes", .number(Int64(measurements.imageBytes))),
        ])))
  }
}
