import SigV4

/// A request target as received: the path verbatim, the query split into parameters.
struct ReceivedTarget {
  let path: [UInt8]
  /// Decoded, in the order received.
  let parameters: [(name: [UInt8], value: [UInt8])]

  init(_ target: String) {
    let parts = target.utf8.split(
      separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
    path = parts.first.map(Array.init) ?? []
    let query = parts.dropFirst().first ?? ""[...].utf8
    parameters = query.split(separator: UInt8(ascii: "&")).map { parameter in
      let name = parameter.prefix { $0 != UInt8(ascii: "=") }
      return (
        name: PercentDecoding.decode(name),
        value: PercentDecoding.decode(parameter.dropFirst(name.count + 1))
      )
    }
  }

  func value(of name: String) -> String? {
    parameters.first { $0.name.elementsEqual(name.utf8) }
      .map { String(decoding: $0.value, as: UTF8.self) }
  }

  /// The signed parameters: all but the signature.
  var signedParameters: [(name: [UInt8], value: [UInt8])] {
    parameters.filter { !$0.name.elementsEqual(PresignedParameter.signature.utf8) }
  }
}
