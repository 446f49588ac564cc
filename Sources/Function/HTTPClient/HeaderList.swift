import CLibcurl

/// The one owner of the header list that a request is sent with.
@safe struct HeaderList: ~Copyable {
  private(set) var pointer: UnsafeMutablePointer<curl_slist>?

  init() {
    unsafe pointer = nil
  }

  /// - Throws: `.invalidRequest` when a header would not stay on its line.
  init(_ headers: [HTTPHeader]) throws(HTTPError) {
    unsafe pointer = nil
    // libcurl adds these two to a POST by itself. "Expect" costs a round trip of up to a second,
    // and a content type that nobody gave is wrong.
    var line: [UInt8] = []
    try append("Expect", ":", "", &line)
    if !headers.contains(where: { $0.isContentType }) {
      try append("Content-Type", ":", "", &line)
    }
    for header in headers {
      // A header without value must be written with a semicolon, else libcurl removes it.
      try append(header.name, header.value.isEmpty ? ";" : ": ", header.value, &line)
    }
  }

  /// libcurl copies the line, so that one buffer serves all.
  private mutating func append(
    _ name: String, _ separator: StaticString, _ value: String, _ line: inout [UInt8]
  ) throws(HTTPError) {
    line.removeAll(keepingCapacity: true)
    line.append(contentsOf: name.utf8)
    unsafe line.append(
      contentsOf: UnsafeBufferPointer(
        start: separator.utf8Start, count: separator.utf8CodeUnitCount))
    line.append(contentsOf: value.utf8)
    guard !line.holds(0), !line.holds(10), !line.holds(13) else {
      let name = name.prefix { $0 != ":" && !$0.isNewline }
      throw HTTPError(
        kind: .invalidRequest, message: "the header \(name) holds a line break or NUL character")
    }
    line.append(0)
    let longer = unsafe line.withUnsafeBytes {
      unsafe curl_slist_append(pointer, $0.baseAddress?.assumingMemoryBound(to: CChar.self))
    }
    guard let longer = unsafe longer else {
      throw HTTPError(code: CURLE_OUT_OF_MEMORY, detail: "")
    }
    unsafe pointer = longer
  }

  deinit {
    unsafe curl_slist_free_all(pointer)
  }
}

extension HTTPHeader {
  fileprivate var isContentType: Bool {
    // Most names have another length, and then no lower-case copy is made.
    name.utf8.count == "content-type".utf8.count && name.lowercased() == "content-type"
  }
}
