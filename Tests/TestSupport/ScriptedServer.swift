import LoopbackServer

/// A server on loopback that returns its responses in sequence, repeats the last one, and records
/// the requests.
package final class ScriptedServer: Sendable {
  package struct Answer: Sendable {
    package var status: Int
    /// Header fields besides `Content-Length`.
    package var headers: [(String, String)]
    package var body: [UInt8]
    /// Instead of responding, waits until the client disconnects.
    package var hangs = false
    /// Instead of responding, resets the connection.
    package var resets = false
    /// Instead of responding, sends exactly these bytes and closes the connection.
    package var rawBytes: [UInt8]?

    /// A response with a text body.
    package init(_ status: Int, _ headers: [(String, String)] = [], body: String = "") {
      self.init(status, headers, bytes: Array(body.utf8))
    }

    /// A response with a body of bytes.
    package init(_ status: Int, _ headers: [(String, String)] = [], bytes: [UInt8]) {
      self.status = status
      self.headers = headers
      self.body = bytes
    }

    package static var hang: Answer {
      var answer = Answer(0)
      answer.hangs = true
      return answer
    }

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

  package var requests: [ReceivedHTTPRequest] { recorder.all }
  /// `http://127.0.0.1:PORT`
  package var baseURL: String { server.baseURL }
  package func stop() { server.stop() }
}
