// JSON: what is accepted is written as JSON that means the same.
@testable import JSON

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  guard let value = try? JSONValue(parsing: bytes) else { return 0 }
  let written = value.serialized()
  precondition((try? JSONValue(parsing: written))?.serialized() == written)
  return 0
}
