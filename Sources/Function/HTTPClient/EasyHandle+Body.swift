import CLibcurl

extension EasyHandle {
  func setMethodAndBody(_ request: HTTPRequest) throws(HTTPError) {
    let hasBody =
      !request.body.isEmpty || request.bodyBuffer != nil || request.method == "POST"
      || request.method == "PUT"
    if let buffer = request.bodyBuffer {
      try setBody(buffer)
    } else if hasBody {
      try setBody(request.body)
    }
    guard sent.method != request.method || hasBody else { return }
    if !hasBody { try set(request.method == "HEAD" ? CURLOPT_NOBODY : CURLOPT_HTTPGET, 1) }
    let isLibcurlsOwn =
      hasBody ? request.method == "POST" : ["GET", "HEAD"].contains(request.method)
    try isLibcurlsOwn
      ? unsafe check(clibcurl_setopt_pointer(pointer, CURLOPT_CUSTOMREQUEST, nil))
      : set(CURLOPT_CUSTOMREQUEST, request.method)
  }

  /// Small bodies are copied and leave in one packet with the headers; large ones are read in
  /// parts by `sendBody`, so that nothing is copied twice.
  private func setBody(_ body: [UInt8]) throws(HTTPError) {
    try set(CURLOPT_POST, 1)
    try unsafe check(
      clibcurl_setopt_offset(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
    let isSmall = body.count <= 65_536
    let code = unsafe body.withUnsafeBytes { bytes in
      // A pointer is needed also for no bytes: without one libcurl would read from the callback.
      unsafe isSmall
        ? clibcurl_setopt_pointer(pointer, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress ?? context)
        : clibcurl_setopt_pointer(pointer, CURLOPT_POSTFIELDS, nil)
    }
    try check(code)
  }

  /// libcurl sends the bytes from where they are; the transfer keeps them.
  private func setBody(_ buffer: BodyBuffer) throws(HTTPError) {
    try set(CURLOPT_POST, 1)
    try unsafe check(
      clibcurl_setopt_offset(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(buffer.count)))
    try unsafe check(
      clibcurl_setopt_pointer(pointer, CURLOPT_POSTFIELDS, buffer.bytes.baseAddress ?? context))
  }

  private var context: UnsafeRawPointer {
    unsafe UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
  }
}
