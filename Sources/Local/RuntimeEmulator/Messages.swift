import Foundation
import JSON

/// A random UUID in lower case, as Lambda writes request ids.
package func freshUUID() -> String {
  UUID().uuidString.lowercased()
}

/// A trace header of a request that X-Ray does not sample.
func freshTraceID() -> String {
  let time = String(format: "%08x", UInt32(Date().timeIntervalSince1970))
  let digits = (UUID().uuidString + UUID().uuidString).filter { $0 != "-" }.lowercased()
  return "Root=1-\(time)-\(digits.prefix(24));Parent=\(digits.suffix(16));Sampled=0"
}

/// The JSON of an error that Lambda itself reports to a client.
package func errorJSON(type: String, requestID: String, _ message: String) -> [UInt8] {
  ([
    "errorType": .string(type),
    "errorMessage": .string("RequestId: \(requestID) Error: \(message)"),
  ] as JSONValue)
  .serialized()
}

/// The JSON of an error that the Runtime API reports to a runtime.
func runtimeErrorJSON(type: String, _ message: String) -> [UInt8] {
  (["errorMessage": .string(message), "errorType": .string(type)] as JSONValue).serialized()
}
