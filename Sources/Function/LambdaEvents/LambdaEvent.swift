import JSON

/// An event that can carry images.
public enum LambdaEvent: Equatable, Sendable {
  /// An S3 notification with one record or more.
  case s3([S3Record])
  /// The test that S3 sends when a notification is configured.
  case s3Test(S3TestEvent)
  /// A person's request for one image.
  case console(ConsoleRequest)
}

extension LambdaEvent {
  /// Reads an event by its shape, for Lambda does not tell where an event comes from.
  ///
  /// - Parameters:
  ///   - bytes: the event, JSON in UTF-8.
  ///   - defaultBucket: bucket of keys that come without one (`IMAGE_BUCKET`); empty counts as
  ///     none.
  /// - Throws: what is wrong with which field; the accepted shapes when it has none of them.
  public static func decode(_ bytes: [UInt8], defaultBucket: String?) throws(EventError)
    -> LambdaEvent
  {
    let event = try parse(bytes)
    if let records = event["Records"] { return .s3(try s3Records(records)) }
    if event["Event"]?.stringValue == "s3:TestEvent" {
      let bucket = try EventReader(value: event, name: "").requiredString("Bucket")
      return .s3Test(S3TestEvent(bucket: bucket))
    }
    if ConsoleRequest.matches(event) {
      let bucket = defaultBucket.flatMap { $0.isEmpty ? nil : $0 }
      return .console(try ConsoleRequest(event, defaultBucket: bucket))
    }
    throw unknown(event)
  }

  private static func parse(_ bytes: [UInt8]) throws(EventError) -> JSONValue {
    do throws(JSONError) {
      return try JSONValue(parsing: bytes)
    } catch {
      throw EventError(.notJSON, "the event is not JSON: \(error)")
    }
  }

  private static func s3Records(_ value: JSONValue) throws(EventError) -> [S3Record] {
    guard case .array(let values) = value else {
      throw EventError(.malformedField, "Records must be an array, not \(value.kind)")
    }
    if values.isEmpty {
      throw EventError(.noRecords, "Records is empty; \(EventError.acceptedShapes)")
    }
    var records: [S3Record] = []
    records.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      records.append(try S3Record(value, index: index))
    }
    return records
  }

  private static func unknown(_ event: JSONValue) -> EventError {
    guard case .object(let object) = event else {
      return EventError(
        .unknown, "the event is \(event.kind), not an object; \(EventError.acceptedShapes)")
    }
    if object["key1"] != nil {
      return EventError(
        .unknown,
        "the event is the console's hello-world template, put yours in its place; \(EventError.acceptedShapes)"
      )
    }
    let keys = object.members.prefix(8).map { EventError.quoted($0.key) }
    let members = keys.isEmpty ? "no members" : "the members \(keys.joined(separator: ", "))"
    return EventError(
      .unknown, "the event has no known shape, it has \(members); \(EventError.acceptedShapes)")
  }
}
