// JSON: an accepted text is written as equivalent JSON.
@testable import JSON

/// Called by libFuzzer with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  guard let value = try? JSONValue(parsing: bytes) else { return 0 }
  let written = value.serialized()
  precondition((try? JSONValue(parsing: written))?.serialized() == written)
  return 0
}
