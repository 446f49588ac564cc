import JSON
import Platform

/// An image that an asynchronous endpoint accepted. Its result comes with a later event.
///
/// A class, as the other types of this folder: copying their strings takes code.
final class Submission {
  let source: ImageSource
  /// Of the object that was there when it was submitted.
  let eTag: String?
  let inferenceID: String
  /// Where the container's reply will be; the endpoint chooses it.
  let outputLocation: String?
  let measurements: Classification.Measurements

  init(
    source: ImageSource, eTag: String?, inferenceID: String, outputLocation: String?,
    measurements: Classification.Measurements
  ) {
    self.source = source
    self.eTag = eTag
    self.inferenceID = inferenceID
    self.outputLocation = outputLocation
    self.measurements = measurements
  }

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
      "\(source.name): \(summary)",
      source.logFields.adding(
        LogFields([
          ("inferenceId", .text(inferenceID)),
          ("s3Milliseconds", .number(measurements.s3Milliseconds)),
          ("endpointMilliseconds", .number(measurements.endpointMilliseconds)),
          ("imageBytes", .number(Int64(measurements.imageBytes))),
        ])))
  }
}
