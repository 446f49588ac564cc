/// Removes `.` and `..` segments and repeated slashes, which every service but S3 requires.
///
/// Like botocore's `remove_dot_segments`: beyond RFC 3986, section 5.2.4, repeated slashes are
/// merged, and a path that ends in a dot segment does not end in a slash.
enum PathNormalization {
  static func isNeeded(_ path: Span<UInt8>) -> Bool {
    var previous = UInt8(0)
    for index in path.indices {
      // Each dot segment and each empty segment contains one of these pairs.
      if previous == ASCII.slash, path[index] == ASCII.slash || path[index] == UInt8(ascii: ".") {
        return true
      }
      previous = path[index]
    }
    return false
  }

  static func normalized(_ path: [UInt8]) -> [UInt8] {
    var kept: [ArraySlice<UInt8>] = []
    for segment in path.split(separator: ASCII.slash) where !segment.elementsEqual(".".utf8) {
      if segment.elementsEqual("..".utf8) {
        _ = kept.popLast()
      } else {
        kept.append(segment)
      }
    }
    var output: [UInt8] = []
    for segment in kept {
      output.append(ASCII.slash)
      output.append(contentsOf: segment)
    }
    if output.isEmpty || path.last == ASCII.slash { output.append(ASCII.slash) }
    return output
  }
}
