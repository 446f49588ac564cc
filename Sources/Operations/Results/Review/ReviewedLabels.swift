import AWSControl
import JSON

/// The classes that people chose in Label Studio: its export as JSON or JSON-MIN.
///
/// Source: https://labelstud.io/guide/export
package struct ReviewedLabels: Sendable, Equatable {
  package struct Label: Sendable, Equatable {
    package let image: ImageReference
    package let label: String
    /// What the model said.
    package let predicted: String?
  }

  /// In the order of the export.
  package private(set) var labels: [Label] = []
  /// Tasks that no one has labeled, or that were skipped.
  package private(set) var unlabeled = 0
  /// Images to which people gave different classes, which are left out.
  package private(set) var conflicts: [ImageReference] = []

  /// The number of labels that differ from the model's.
  package var corrected: Int { labels.count { $0.label != $0.predicted } }

  /// - Throws: `ResultProblem` for anything but an export of tasks that `results review` wrote.
  package init(parsing bytes: [UInt8]) throws(ResultProblem) {
    let json: JSONValue
    do { json = try JSONValue(parsing: bytes) } catch {
      throw ResultProblem("is not JSON: \(error)")
    }
    guard let tasks = json.arrayValue else {
      throw ResultProblem("is \(json.kind), not the list of tasks that Label Studio exports")
    }
    var chosen: [ImageReference: Int] = [:]
    for (index, task) in tasks.enumerated() {
      // JSON-MIN has the members of `data` in the task itself.
      let data = task["data"] ?? task
      guard let bucket = data["bucket"]?.stringValue, let key = data["key"]?.stringValue else {
        throw ResultProblem(
          "has a task [\(index)] without bucket and key, so it is not from the tasks of `results review`"
        )
      }
      // Without the version, which the CSV does not have: `evaluate` refuses two labels of one key.
      let image = ImageReference(bucket: bucket, key: key)
      add(Self.choices(task), image, data["predicted"]?.stringValue, &chosen)
    }
    let conflicting = Set(conflicts)
    labels.removeAll { conflicting.contains($0.image) }
  }

  private mutating func add(
    _ choices: Set<String>, _ image: ImageReference, _ predicted: String?,
    _ chosen: inout [ImageReference: Int]
  ) {
    guard let label = choices.first else {
      unlabeled += 1
      return
    }
    let isConflict = choices.count > 1 || chosen[image].map { labels[$0].label != label } ?? false
    if isConflict {
      if !conflicts.contains(image) { conflicts.append(image) }
    } else if chosen[image] == nil {
      chosen[image] = labels.count
      labels.append(Label(image: image, label: label, predicted: predicted))
    }
  }

  /// The classes that people chose in a task.
  private static func choices(_ task: JSONValue) -> Set<String> {
    guard let annotations = task["annotations"]?.arrayValue else {
      // JSON-MIN: a text, or with several annotators an object with a list.
      let value = task[ReviewTasks.choices]
      let list = value?["choices"]?.arrayValue ?? value.map { [$0] } ?? []
      return Set(list.compactMap(\.stringValue))
    }
    var choices = Set<String>()
    for annotation in annotations where annotation["was_cancelled"]?.boolValue != true {
      for result in annotation["result"]?.arrayValue ?? []
      where result["from_name"]?.stringValue == ReviewTasks.choices {
        choices.formUnion(
          (result["value"]?["choices"]?.arrayValue ?? []).compactMap(\.stringValue))
      }
    }
    return choices
  }

  /// `key,label`, as `evaluate --labels` reads it; a key is `s3://BUCKET/KEY`, so that it never begins a formula.
  package var csv: String {
    "key,label\n"
      + labels.map {
        "\(CSVLine.cell("s3://\($0.image.bucket)/\($0.image.key)")),\(CSVLine.cell($0.label))\n"
      }.joined()
  }
}
