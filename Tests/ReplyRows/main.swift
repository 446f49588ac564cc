// Reads replies, one JSON text per line of standard input, as the function does, with MODEL_OUTPUT of the environment.
// Writes for each: the number of probabilities as Int32 and these as doubles, or -1 when it was refused; all
// little-endian. .ci/checks/reply-rows.sh compiles it with the sources of the readers.
import Glibc
import JSON
import Platform

func write(_ bytes: UnsafeRawBufferPointer) {
  var rest = bytes[...]
  while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
    let count = Glibc.write(1, start, rest.count)
    guard count > 0 else { exit(2) }
    rest = rest.dropFirst(count)
  }
}

let output = try ModelOutput(environment: .process)
let rules = try ReplyRules(environment: .process, output)

func answer(_ line: ArraySlice<UInt8>) {
  do throws(ReplyError) {
    let reply = try ReplyReader.read(Array(line), contentType: "application/json", rules: rules)
    let probabilities = try output.interpret(reply).probabilities
    withUnsafeBytes(of: Int32(probabilities.count).littleEndian, write)
    probabilities.withUnsafeBytes(write)
  } catch {
    withUnsafeBytes(of: Int32(-1).littleEndian, write)
  }
}

var buffer = [UInt8]()
var part = [UInt8](repeating: 0, count: 1 << 20)
while true {
  let count = part.withUnsafeMutableBytes { Glibc.read(0, $0.baseAddress, $0.count) }
  if count <= 0 { break }
  buffer += part[..<count]
  var start = buffer.startIndex
  while let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
    answer(buffer[start..<end])
    start = end + 1
  }
  buffer.removeFirst(start)
}
