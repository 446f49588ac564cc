import AWSControl

/// SQL for Athena over the documents of a bucket, which this program only prints.
package struct AthenaQueries: Sendable {
  package struct Query: Sendable, Equatable {
    /// What it answers.
    package let name: String
    package let sql: String
  }

  private let keys: ResultKeys
  private let table: String
  private let threshold: Double

  /// - Parameters:
  ///   - table: `TABLE` or `DATABASE.TABLE`; see `isTableName`.
  ///   - threshold: what is counted as unsure.
  package init(_ keys: ResultKeys, table: String, threshold: Double) {
    (self.keys, self.table, self.threshold) = (keys, table, threshold)
  }

  /// Whether a name needs quotation marks neither in the DDL nor in a SELECT, which have different ones.
  package static func isTableName(_ name: String) -> Bool {
    let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return (1...2).contains(parts.count) && parts.allSatisfy(isPlainName)
  }

  private static func isPlainName(_ name: Substring.UTF8View) -> Bool {
    guard let first = name.first, !(0x30...0x39).contains(first) else { return false }
    return name.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
    }
  }

  /// The table over the documents; its SerDe lowercases the names of members.
  package var definition: String {
    """
    CREATE EXTERNAL TABLE \(table) (
      endpoint string,
      variant string,
      requestid string,
      s3milliseconds bigint,
      endpointmilliseconds bigint,
      source struct<bucket:string,key:string,versionid:string,etag:string,sequencer:string>,
      `class` string,
      probability double,
      probabilities array<struct<`class`:string,probability:double>>
    )
    ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
    LOCATION '\(Self.quoted(keys.location.description))'
    TBLPROPERTIES ('classification'='json')
    """
  }

  package var queries: [Query] {
    [
      Query(
        name: "How many results has each class, and how sure is the model?",
        sql: """
          SELECT class, count(*) AS results, avg(probability) AS mean_probability,
            sum(CASE WHEN probability < \(threshold) THEN 1 ELSE 0 END) AS unsure
          FROM \(table) GROUP BY class ORDER BY results DESC, class
          """),
      Query(
        name: "Of which photographs is the model least sure?",
        sql: """
          SELECT source.bucket AS bucket, source.key AS key, class, probability
          FROM \(table) WHERE probability < \(threshold) ORDER BY probability, source.key LIMIT 200
          """),
      Query(
        name: "How often is the folder of a photograph its first class, or one of the first five?",
        sql: """
          SELECT count(*) AS photographs, avg(CASE WHEN place <= 1 THEN 1.0 ELSE 0.0 END) AS top1,
            avg(CASE WHEN place <= 5 THEN 1.0 ELSE 0.0 END) AS top5
          FROM (
            SELECT t.place FROM \(table) CROSS JOIN UNNEST(probabilities) WITH ORDINALITY AS t(p, place)
            WHERE t.p.class = regexp_extract(source.key, '([^/]+)/[^/]+$', 1)
          ) AS labeled
          """),
    ]
  }

  /// A table of the essential columns as Parquet, which later queries read in a fraction of time and cost.
  ///
  /// - Parameter location: an empty prefix outside of the results.
  package func parquet(at location: S3Location) -> String {
    """
    CREATE TABLE \(table)_flat
    WITH (format = 'PARQUET', external_location = '\(Self.quoted(location.folder.description))') AS
    SELECT source.bucket AS bucket, source.key AS key, source.versionid AS version, class, probability,
      endpoint, variant, s3milliseconds, endpointmilliseconds
    FROM \(table)
    """
  }

  private static func quoted(_ text: String) -> String { text.replacing("'", with: "''") }
}
