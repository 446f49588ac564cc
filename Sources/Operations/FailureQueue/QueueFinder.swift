import AWSClient
import AWSControl

/// Finds the queue of a function's failed events.
package enum QueueFinder {
  /// The URL of a queue given by name, URL or ARN.
  package static func url(ofQueue queue: String, with client: ControlClient) throws -> String {
    if queue.hasPrefix("https://") || queue.hasPrefix("http://") { return queue }
    guard queue.hasPrefix("arn:") else {
      return try client.read(GetQueueUrl(queueName: queue)).queueURL
    }
    let parts = queue.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 6, parts[2] == "sqs" else {
      throw Refusal(
        "\(queue) is not an SQS queue", advice: "Pass the queue's name, URL or ARN with --queue")
    }
    return try client.read(GetQueueUrl(queueName: parts[5], ownerAccountID: parts[4])).queueURL
  }

  /// The URL of the queue that is the function's on-failure destination, or else its dead-letter
  /// queue.
  ///
  /// - Parameter qualifier: whose destination; nil takes the only one and refuses several.
  package static func url(
    ofFunction functionName: String, qualifier: String?, with client: ControlClient
  ) throws -> String {
    let all = try client.all(ListFunctionEventInvokeConfigs(functionName: functionName))
    let fitting = all.filter { configuration in
      qualifier == nil || configuration.functionARN.hasSuffix(":\(qualifier ?? "")")
    }
    let targets = Set(fitting.compactMap(\.onFailureARN))
    guard targets.count < 2 else {
      throw Refusal(
        "\(functionName) has several on-failure destinations: "
          + targets.sorted().joined(separator: ", "),
        advice: "Choose one with --qualifier or --queue")
    }
    if let target = targets.first { return try url(ofQueue: target, with: client) }
    let configuration = try client.read(
      GetFunctionConfiguration(functionName: functionName, qualifier: qualifier))
    if let target = configuration.deadLetterTargetARN {
      return try url(ofQueue: target, with: client)
    }
    throw Refusal(
      "\(functionName) has neither an on-failure destination nor a dead-letter queue",
      advice: "Pass the queue with --queue")
  }
}
