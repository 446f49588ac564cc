import JSON
import Platform

/// The endpoint answered, but not with what the function can turn into probabilities.
struct ReplyError: ReportableError, Equatable {
  /// The second half of the error's type.
  let reason: String
  let message: String

  var errorType: String { "EndpointReply.\(reason)" }
}

/// Reading the numbers out of a model's reply.
enum EndpointReply {
  /// One finite number a class.
  ///
  /// Accepted: `[[…]]`, what PyTorch containers send for one image, and `[…]`.
  ///
  /// - Throws: `ReplyError` that says what was found instead.
  static func values(_ body: [UInt8]) throws(ReplyError) -> [Double] {
    let json: JSONValue
    do {
      json = try JSONValue(parsing: body)
    } catch {
      throw ReplyError(
        reason: "NotJSON",
        message: "the endpoint's reply is not JSON: \(error). "
          + "It begins with: \(excerpt(body))")
    }
    guard var list = json.arrayValue else {
      throw ReplyError(
        reason: "UnknownShape",
        message: "the endpoint's reply is \(json.kind), not a list of numbers")
    }
    if list.count == 1, let inner = list[0].arrayValue { list = inner }
    return try numbers(list)
  }

  private static func numbers(_ list: [JSONValue]) throws(ReplyError) -> [Double] {
    guard !list.isEmpty else {
      throw ReplyError(reason: "NoNumbers", message: "the endpoint's reply holds no numbers")
    }
    var values: [Double] = []
    values.reserveCapacity(list.count)
    for (index, element) in list.enumerated() {
      guard let value = element.doubleValue else {
        throw ReplyError(
          reason: "NoNumbers",
          message: "value \(index) of the endpoint's reply is \(element.kind), not a number")
      }
      guard value.isFinite else {
        throw ReplyError(
          reason: "NotFinite", message: "value \(index) of the endpoint's reply is not finite")
      }
      values.append(value)
    }
    return values
  }

  private static func excerpt(_ body: [UInt8]) -> String {
    String(String(decoding: body.prefix(400), as: UTF8.self).prefix(100))
  }
}
