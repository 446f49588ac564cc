import SigV4

/// The signature of a received request, from the `Authorization` header or the query.
struct ReceivedSignature {
  let accessKeyID: String
  let dateStamp: String
  let region: String
  let service: String
  /// In the client's order.
  let signedHeaders: [ArraySlice<UInt8>]
  let signature: String
  let amzDate: String
  let time: SigningTime
  let sessionToken: String?
  /// Nil unless the URL is presigned.
  let expiresInSeconds: Int64?

  func isSigned(_ name: String) -> Bool {
    signedHeaders.contains { $0.elementsEqual(name.utf8.lazy.map(ASCII.lowercased)) }
  }

  static func parse(
    _ target: ReceivedTarget, headers: [HeaderField]
  ) throws(SignatureRefusal) -> ReceivedSignature {
    let authorization = headers.filter { $0.isNamed("authorization") }
    let isPresigned =
      target.value(of: PresignedParameter.algorithm) != nil
      || target.value(of: PresignedParameter.signature) != nil
    switch (authorization.count, isPresigned) {
    case (0, false): throw .missingAuthentication
    case (0, true): return try presigned(target)
    case (1, false): return try byHeader(authorization[0].value, headers: headers)
    default: throw .severalMechanisms
    }
  }

  private static func byHeader(
    _ authorization: String, headers: [HeaderField]
  ) throws(SignatureRefusal) -> ReceivedSignature {
    let algorithm = authorization.prefix { $0 != " " }
    guard algorithm == CredentialScope.algorithm else { throw .unsupportedAlgorithm }
    var fields: [Substring: Substring] = [:]
    for field in authorization.dropFirst(algorithm.count).split(separator: ",") {
      let field = field.drop { $0 == " " }
      let name = field.prefix { $0 != "=" }
      let value = field.dropFirst(name.count + 1)
      fields[name] = value.prefix { $0 != " " }
    }
    guard let credential = fields["Credential"], let signedHeaders = fields["SignedHeaders"],
      let signature = fields["Signature"]
    else {
      throw .malformedHeader(
        "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters.")
    }
    let scope = credential.split(separator: "/", omittingEmptySubsequences: false)
    guard scope.count == 5, scope[4] == CredentialScope.terminator else {
      throw .malformedHeader(
        "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."
      )
    }
    guard let amzDate = headers.first(where: { $0.isNamed("x-amz-date") })?.value,
      let time = SigningTime(amzDate)
    else { throw .missingDate }
    return ReceivedSignature(
      accessKeyID: String(scope[0]), dateStamp: String(scope[1]), region: String(scope[2]),
      service: String(scope[3]), signedHeaders: names(signedHeaders), signature: String(signature),
      amzDate: amzDate, time: time,
      sessionToken: headers.first { $0.isNamed("x-amz-security-token") }?.value,
      expiresInSeconds: nil)
  }

  private static func presigned(
    _ target: ReceivedTarget
  ) throws(SignatureRefusal) -> ReceivedSignature {
    guard let algorithm = target.value(of: PresignedParameter.algorithm),
      let credential = target.value(of: PresignedParameter.credential),
      let signature = target.value(of: PresignedParameter.signature),
      let amzDate = target.value(of: PresignedParameter.date),
      let signedHeaders = target.value(of: PresignedParameter.signedHeaders),
      let expires = target.value(of: PresignedParameter.expires)
    else {
      throw .malformedQuery(
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential,"
          + " X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.")
    }
    guard algorithm == CredentialScope.algorithm else {
      throw .malformedQuery("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"")
    }
    let scope = credential.split(separator: "/", omittingEmptySubsequences: false)
    guard scope.count == 5, scope[4] == CredentialScope.terminator else {
      throw .malformedQuery(
        "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting"
          + " \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".")
    }
    guard let time = SigningTime(amzDate) else {
      throw .malformedQuery(
        "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
    }
    return ReceivedSignature(
      accessKeyID: String(scope[0]), dateStamp: String(scope[1]), region: String(scope[2]),
      service: String(scope[3]), signedHeaders: names(signedHeaders[...]), signature: signature,
      amzDate: amzDate, time: time,
      sessionToken: target.value(of: PresignedParameter.securityToken),
      expiresInSeconds: try expiry(expires))
  }

  private static func expiry(_ text: String) throws(SignatureRefusal) -> Int64 {
    guard let seconds = Int64(text) else {
      throw .malformedQuery("X-Amz-Expires should be a number")
    }
    guard seconds >= 0 else { throw .malformedQuery("X-Amz-Expires must be non-negative") }
    guard seconds <= Signer.maximumExpirySeconds else {
      throw .malformedQuery(
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must"
          + " be less than 604800 seconds")
    }
    return seconds
  }

  private static func names(_ list: Substring) -> [ArraySlice<UInt8>] {
    Array(list.utf8).split(separator: UInt8(ascii: ";"))
  }
}
