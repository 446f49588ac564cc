import AWSControl
import ArgumentParser
import Foundation
import Platform
import Results

struct ResultsLabels: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "labels",
    abstract: "Turn an export of Label Studio into a CSV of labels for evaluate.",
    discussion: """
      Reads the export of the tasks of results review as JSON or JSON-MIN, and writes key,label with a row per labeled \
      image; a key is s3://BUCKET/KEY. Tasks that no one labeled are left out, and so are images to which people gave \
      different classes, which are named.

      Example: inferencectl results labels project-1.json --to labels.csv
      """)

  @Argument(help: ArgumentHelp("Export of Label Studio.", valueName: "file"))
  var file: String

  @OptionGroup var shared: SharedOptions

  @Option(name: .customLong("to"), help: ArgumentHelp("CSV file to write.", valueName: "file"))
  var target: String

  func validate() throws {
    let paths = [file, target].map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
    guard paths[0] != paths[1] else {
      throw ValidationError("--to must be another file than the export, which it would replace.")
    }
  }

  func run(in session: Session) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: file))
    let reviewed: ReviewedLabels
    do throws(ResultProblem) { reviewed = try ReviewedLabels(parsing: [UInt8](data)) } catch {
      throw Refusal("\(file) \(error)")
    }
    for image in reviewed.conflicts {
      session.note(VisibleText.escaped("Note: \(image) has different labels and is left out."))
    }
    guard !reviewed.labels.isEmpty else {
      throw Refusal("No task in \(file) is labeled", advice: "Label the tasks first, then export")
    }
    if !shared.dryRun { try OutputFile.write(reviewed.csv, to: target) }
    session.done(
      "\(reviewed.labels.count) labels in \(target), \(reviewed.corrected) of them corrected; "
        + "\(reviewed.unlabeled) tasks are not labeled, \(reviewed.conflicts.count) images have different labels",
      planned: "Would write \(reviewed.labels.count) labels into \(target)",
      json: [
        "file": target, "labels": reviewed.labels.count, "corrected": reviewed.corrected,
        "unlabeled": reviewed.unlabeled, "conflicts": reviewed.conflicts.map(\.description),
      ])
  }
}
