import SigV4

struct ReceivedRequest {
  let method: String
  let target: ReceivedTarget
  let headers: [HeaderField]

  /// The canonical request that the client must have signed.
  ///
  /// Encoding, sorting, and trimming are the signer's. The differences: the path is used as
  /// received, and the client's own list determines which headers are signed, in which order.
  func canonicalRequest(
    style: SigningStyle, signedHeaders: [ArraySlice<UInt8>], payloadHash: String
  ) -> String {
    var query = CanonicalQuery()
    for (name, value) in target.signedParameters {
      query.append(name: name.span, value: value.span)
    }
    query.finish()
    var output = Array(method.utf8)
    output.append(ASCII.newline)
    style.appendCanonicalPath(of: target.path, to: &output)
    output.append(ASCII.newline)
    output.append(contentsOf: query.bytes)
    output.append(ASCII.newline)
    for name in signedHeaders { appendLine(ofHeader: name, to: &output) }
    output.append(ASCII.newline)
    output.append(contentsOf: signedHeaders.joined(separator: [UInt8(ascii: ";")]))
    output.append(ASCII.newline)
    output.append(contentsOf: payloadHash.utf8)
    return String(decoding: output, as: UTF8.self)
  }

  /// The values of repeated headers are joined by commas. A header that is listed but was not
  /// received has an empty value.
  private func appendLine(ofHeader name: ArraySlice<UInt8>, to output: inout [UInt8]) {
    output.append(contentsOf: name)
    output.append(UInt8(ascii: ":"))
    let values = headers.filter {
      $0.name.utf8.lazy.map(ASCII.lowercased).elementsEqual(name)
    }
    for (index, header) in values.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      CanonicalHeaders.appendTrimmed(header.value, to: &output)
    }
    output.append(ASCII.newline)
  }
}
