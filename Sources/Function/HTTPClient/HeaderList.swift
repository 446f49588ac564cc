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
    try append("Expect:")
    if !headers.contains(where: { $0.isContentType }) {
      try append("Content-Type:")
    }
    for header in headers {
      // A header without value must be written with a semicolon, else libcurl removes it.
      try append(header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
    }
  }

  private mutating func append(_ line: String) throws(HTTPError) {
    guard !line.holds(0), !line.holds(10), !line.holds(13) else {
      let name = line.prefix { $0 != ":" && !$0.isNewline }
      throw HTTPError(
        kind: .invalidRequest, message: "the header \(name) holds a line break or NUL character")
    }
    guard let longer = unsafe curl_slist_append(pointer, line) else {
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
