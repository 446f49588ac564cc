import AWSClient
import AWSControl

/// Reads the new log lines of a training job's containers.
package struct LogTail {
  private static let group = "/aws/sagemaker/TrainingJobs"
  private static let maximumPages = 100

  private let jobName: String
  private var tokens: [String: String] = [:]
  private var streams: [String] = []

  /// The tail of a job, from its first line on.
  package init(jobName: String) { self.jobName = jobName }

  /// New lines, oldest first; with several containers each is prefixed with its container's name.
  ///
  /// A job without a log yet has no lines. A missing permission is reported once, to `onTrouble`.
  package mutating func newLines(
    with client: ControlClient, onTrouble: (AWSError) -> Void
  ) throws -> [String] {
    do {
      streams = try client.all(
        DescribeLogStreams(logGroupName: Self.group, logStreamNamePrefix: "\(jobName)/")
      ).map(\.name)
      var lines: [String] = []
      for stream in streams { lines += try newLines(of: stream, with: client) }
      return lines
    } catch let error as AWSError where error.code.rawValue == "ResourceNotFoundException" {
      return []
    } catch let error as AWSError {
      onTrouble(error)
      return []
    }
  }

  private mutating func newLines(
    of stream: String, with client: ControlClient
  ) throws -> [String] {
    var lines: [String] = []
    for _ in 0..<Self.maximumPages {
      let page = try client.read(
        GetLogEvents(logGroupName: Self.group, logStreamName: stream, nextToken: tokens[stream]))
      lines += page.events.map {
        streams.count > 1 ? "[\(name(of: stream))] \($0.message)" : $0.message
      }
      // The last page returns its own token.
      guard let next = page.nextForwardToken, next != tokens[stream] else { break }
      tokens[stream] = next
    }
    return lines
  }

  /// `algo-1` of `JOB/algo-1-1732300000`.
  private func name(of stream: String) -> String {
    let last = stream.split(separator: "/").last ?? ""
    return last.split(separator: "-").prefix(2).joined(separator: "-")
  }
}
