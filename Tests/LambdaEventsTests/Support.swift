import Foundation
import JSON
import LambdaEvents
import TestSupport

func decode(_ text: String, defaultBucket: String? = nil) throws(EventError) -> LambdaEvent {
  try LambdaEvent.decode(Array(text.utf8), defaultBucket: defaultBucket)
}

/// The error of an event that must be refused.
func refusal(of text: String, defaultBucket: String? = nil) -> EventError? {
  do throws(EventError) {
    _ = try decode(text, defaultBucket: defaultBucket)
    return nil
  } catch {
    return error
  }
}

/// An event of the repository's `events/`, which `local-invoke` replays too.
func eventFile(_ name: String) throws -> [UInt8] {
  Array(try Data(contentsOf: Repository.root.appendingPathComponent("events/\(name)")))
}

/// An S3 event of one record with this object and these other members, JSON both.
func s3Event(object: String, members: String = #""eventSource":"aws:s3""#) -> String {
  #"{"Records":[{\#(members),"s3":{"bucket":{"name":"b"},"object":\#(object)}}]}"#
}

/// The objects of an S3 event.
func objects(in event: LambdaEvent) -> [S3ObjectReference] {
  if case .s3(let records) = event { records.map(\.object) } else { [] }
}

let acceptedShapes = """
  accepted are an S3 notification {"Records": [...]}, an s3:TestEvent, {"bucket": "...", "key": "..."}, \
  {"key": "..."}, {"url": "s3://BUCKET/KEY"}, {"url": "https://..."} and {"url": "KEY"}
  """
