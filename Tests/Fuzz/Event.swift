// Events: an event is decoded or refused with a type and a reason.
import JSON
import LambdaEvents

/// Called by libFuzzer with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  do {
    switch try LambdaEvent.decode(bytes, defaultBucket: size % 2 == 0 ? "bucket" : nil) {
    case .s3(let records): precondition(!records.isEmpty)
    default: break
    }
  } catch {
    precondition(error.errorType.hasPrefix("Event.") && !error.message.isEmpty)
    let answer = ProxyResponse(statusCode: 400, error: error, requestID: "id").serialized()
    precondition((try? JSONValue(parsing: answer)) != nil)
  }
  return 0
}
