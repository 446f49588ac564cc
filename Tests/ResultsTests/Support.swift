import AWSControl
import JSON
import OperationsSupport
import Results

/// A document as the function writes it.
func document(
  _ key: String,
  _ ranking: [(String, Double?)] = [("001.Affenpinscher", 0.75), ("002.Afghan_hound", 0.25)],
  endpoint: String = "dog-breeds", milliseconds: (s3: Int, endpoint: Int)? = (12, 34),
  bucket: String = "photos", version: String? = nil
) -> String {
  let classes = ranking.map { ["class": $0.0, "probability": $0.1] as OperationInput }
  let source: OperationInput = [
    "bucket": bucket, "key": key, "versionId": version, "eTag": "5d41", "sequencer": "0055AE",
  ]
  let document: OperationInput = [
    "endpoint": endpoint, "variant": "AllTraffic", "requestId": "request-1",
    "s3Milliseconds": milliseconds?.s3, "endpointMilliseconds": milliseconds?.endpoint,
    "source": source, "class": ranking.first?.0, "probability": ranking.first?.1,
    "probabilities": classes,
  ]
  return String(decoding: document.json.serialized(), as: UTF8.self)
}

func stored(
  _ key: String,
  _ ranking: [(String, Double?)] = [("001.Affenpinscher", 0.75), ("002.Afghan_hound", 0.25)],
  written: Int64 = 1_795_428_000_000, milliseconds: (s3: Int, endpoint: Int)? = (12, 34)
) throws -> StoredResult {
  StoredResult(
    key: "results/photos/\(key).json", writtenUnixMilliseconds: written,
    document: try ResultDocument(
      parsing: Array(document(key, ranking, milliseconds: milliseconds).utf8)))
}

let kept = ResultKeys(S3Location(bucket: "kept", key: "results"))

/// Keys that strangers may choose.
let hostileKeys = [
  "\u{1B}[2Jcleared.jpg", "%1B.jpg", "a\"b'c.jpg", "=HYPERLINK(\"http://x\").jpg", "+1.jpg",
  "-1.jpg", "@a.jpg",
  "line\nbreak\r\n.jpg", "tab\t,comma.jpg", "<script>alert(1)</script>.jpg", "\u{202E}gpj.exe",
  "a+b c&d=e.jpg",
  "'apostrophe.jpg", "back\\slash.jpg", "🐕é.jpg",
]

extension ResultSource {
  func all(ranking: Int = .max) throws -> [StoredResult] {
    var results: [StoredResult] = []
    try forEach(ranking: ranking) { result, _ in
      results.append(result)
      return true
    }
    return results
  }
}
