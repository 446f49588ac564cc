import LoopbackServer

/// A server on loopback that gives one answer after the other, the last one again and again, and
/// records what it was asked.
package final class ScriptedServer: Sendable {
  /// One answer.
  package struct Answer: Sendable {
    /// The status.
    package var status: Int
    /// Header fields besides `Content-Length`.
    package var headers: [(String, String)]
    /// The body.
    package var body: [UInt8]
    /// Instead of an answer: waits until the client has gone.
    package var hangs = false
    /// Instead of an answer: resets the connection.
    package var resets = false
    /// Instead of an answer: exactly these bytes, and the end of the connection.
    package var rawBytes: [UInt8]?

    /// An answer with text as its body.
    package init(_ status: Int, _ headers: [(String, String)] = [], body: String = "") {
      self.init(status, headers, bytes: Array(body.utf8))
    }

    /// An answer with bytes as its body.
    package init(_ status: Int, _ headers: [(String, String)] = [], bytes: [UInt8]) {
      self.status = status
      self.headers = headers
      self.body = bytes
    }

    /// Never answers.
    package static var hang: Answer {
      var answer = Answer(0)
      answer.hangs = true
      return answer
    }

    /// Resets the connection.
    package static var reset: Answer {
      var answer = Answer(0)
      answer.resets = true
      return answer
    }

    /// Sends bytes that need not be HTTP, then closes.
    package static func raw(_ text: String) -> Answer {
      var answer = Answer(0)
      answer.rawBytes = Array(text.utf8)
      return answer
    }
  }

  private let server: LoopbackServer
  private let recorder: Recorder<ReceivedHTTPRequest>

  /// A running server.
  package init(_ answers: [Answer]) throws {
    let recorder = Recorder<ReceivedHTTPRequest>()
    server = try LoopbackServer { request, connection in
      let count = recorder.add(request)
      let answer = answers[min(count, answers.count) - 1]
      if answer.hangs {
        _ = connection.waitUntilClientIsGone()
      } else if answer.resets {
        connection.reset()
      } else if let bytes = answer.rawBytes {
        try connection.sendRaw(bytes)
        connection.close()
      } else {
        try connection.send(status: answer.status, headers: answer.headers, body: answer.body)
      }
    }
    self.recorder = recorder
  }

  /// What was asked so far.
  package var requests: [ReceivedHTTPRequest] { recorder.all }
  /// `http://127.0.0.1:PORT`
  package var baseURL: String { server.baseURL }
  /// Ends the server.
  package func stop() { server.stop() }
}
