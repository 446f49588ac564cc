import AWSControl
import Backfill
import JSON

/// How a backfill is printed.
enum BackfillListing {
  static func leftOut(_ leftOut: LeftOut) -> Table {
    var table = Table("left out", "objects", "example")
    for (kind, count) in leftOut.all {
      table.add(kind.rawValue, Text.count(count.objects), count.example)
    }
    return table
  }

  static func leftOutJSON(_ leftOut: LeftOut) -> [OperationInput] {
    leftOut.all.map { kind, count in
      ["kind": kind.rawValue, "objects": count.objects, "example": count.example]
    }
  }

  static func estimate(_ estimate: BackfillEstimate) -> Table {
    var table = Table("item", "cost")
    for item in estimate.items where item.dollars >= 0.000_05 {
      table.add(item.name, Text.dollars(item.dollars))
    }
    table.add("total", Text.dollars(estimate.dollars))
    return table
  }

  static func estimateJSON(_ estimate: BackfillEstimate) -> OperationInput {
    [
      "dollars": estimate.dollars, "hours": estimate.hours, "limit": estimate.limit,
      "items": estimate.items.map {
        ["name": $0.name, "dollars": $0.dollars] as OperationInput
      },
    ]
  }

  static func failures(_ summary: ReportSummary) -> Table {
    var table = Table("failures", "tasks", "code", "example")
    for failure in summary.failures {
      let example = failure.examples.first.map(named) ?? ""
      table.add(failure.reason, Text.count(failure.tasks), failure.code, example)
    }
    return table
  }

  /// The function's texts name the object already.
  static func named(_ object: ManifestRow, _ text: String) -> String {
    text.contains(object.key) ? text : "\(object.description): \(text)"
  }

  static func classes(_ summary: ReportSummary, top: Int) -> Table {
    var table = Table("class", "images", "share", "mean probability")
    let all = summary.classes
    let classified = all.reduce(0) { $0 + $1.images }
    for each in all.prefix(top) {
      table.add(
        each.name, Text.count(each.images),
        Text.percent((Double(each.images) / Double(classified) * 1000).rounded() / 1000),
        Text.number(each.meanProbability))
    }
    if all.count > top {
      let rest = all.dropFirst(top).reduce(0) { $0 + $1.images }
      table.add("\(all.count - top) other classes", Text.count(rest), "", "")
    }
    return table
  }

  static func totals(_ summary: ReportSummary) -> String {
    var parts = [
      "\(Text.count(summary.succeeded)) succeeded", "\(Text.count(summary.failed)) failed",
    ]
    if summary.skipped > 0 { parts.append("\(Text.count(summary.skipped)) of them not images") }
    if summary.otherSuccesses > 0 {
      parts.append("\(Text.count(summary.otherSuccesses)) without a class")
    }
    if summary.unreadableLines > 0 {
      parts.append("\(Text.count(summary.unreadableLines)) lines of the report are not tasks")
    }
    return "\(Text.count(summary.tasks)) tasks: " + parts.joined(separator: ", ")
  }

  static func summaryJSON(_ summary: ReportSummary) -> OperationInput {
    [
      "tasks": summary.tasks, "succeeded": summary.succeeded, "failed": summary.failed,
      "skipped": summary.skipped, "withoutClass": summary.otherSuccesses,
      "unreadableLines": summary.unreadableLines,
      "classes": summary.classes.map {
        [
          "class": $0.name, "images": $0.images, "meanProbability": $0.meanProbability,
        ] as OperationInput
      },
      "failures": summary.failures.map { failure in
        [
          "reason": failure.reason, "code": failure.code, "tasks": failure.tasks,
          "examples": failure.examples.map {
            [
              "bucket": $0.object.bucket, "key": $0.object.key, "versionId": $0.object.versionID,
              "text": $0.text,
            ] as OperationInput
          },
        ] as OperationInput
      },
    ]
  }

  static func progressJSON(_ progress: BatchJobProgress) -> OperationInput {
    [
      "total": progress.total, "succeeded": progress.succeeded, "failed": progress.failed,
      "activeSeconds": progress.activeSeconds,
    ]
  }
}
