import AWSControl
import Endpoints
import Foundation

/// The classes of a model to be hosted: from its archive to the file for the function.
struct HostedClasses {
  let session: Session
  let options: LabelOptions
  let check: ModelCheck

  /// Checks the archive and reads its classes.
  ///
  /// - Parameter image: nil is AWS's.
  /// - Returns: nil without labels.
  /// - Throws: `Refusal` when it could not serve, or has no labels.
  func read(
    _ modelData: S3Location, image: String?, environment: [String: String],
    hosting: CreateEndpointConfig.Hosting?, with client: ControlClient
  ) throws -> ModelLabels? {
    let serverless: ServerlessConfiguration? =
      if case .serverless(let configuration) = hosting { configuration } else { nil }
    let (labels, warnings) = try check.archive(
      modelData, program: environment[ModelCheck.programVariable],
      isOwnImage: image.map { !$0.contains("/pytorch-inference") } ?? false,
      needsLabels: !options.noLabels, serverless: serverless, with: client)
    session.warn(warnings)
    return labels
  }

  /// The new model's classes; nil also when the model stays.
  ///
  /// - Throws: `Refusal` when they differ from those of the serving model: the function would name
  ///   them wrongly.
  func read(
    _ update: EndpointUpdate, _ plan: EndpointUpdate.Plan, with client: ControlClient
  ) throws -> ModelLabels? {
    guard let modelData = update.modelData else { return nil }
    let new = try read(
      modelData, image: plan.model?.image, environment: plan.model?.environment ?? [:],
      hosting: plan.serverless.map { .serverless($0) }, with: client)
    guard let new, !options.acceptNewLabels, let oldModel = plan.oldModelData,
      let old = try? ModelArchive(oldModel, with: client).modelLabels(), old != new
    else { return new }
    throw Refusal(
      "The classes of \(modelData) differ from those that \(update.endpointName) serves: \(Self.difference(old, new))",
      advice:
        "The function would name them wrongly while both serve. Create another endpoint and deploy the "
        + "function with its labels, or use --accept-new-labels")
  }

  private static func difference(_ old: ModelLabels, _ new: ModelLabels) -> String {
    let added = new.names.filter { !old.names.contains($0) }
    let gone = old.names.filter { !new.names.contains($0) }
    let parts = [
      added.isEmpty ? nil : "new: \(added.prefix(5).joined(separator: ", "))",
      gone.isEmpty ? nil : "removed: \(gone.prefix(5).joined(separator: ", "))",
    ].compactMap { $0 }
    return parts.isEmpty ? "the order differs" : parts.joined(separator: "; ")
  }

  /// Writes the file and reports how to give it to the function; nothing in a dry run.
  func write(_ classes: ModelLabels?) throws {
    guard let classes, !session.shared.dryRun else { return }
    let file = URL(fileURLWithPath: options.labels)
    try Data(classes.file).write(to: file)
    let name = file.lastPathComponent
    session.note(
      "Wrote the model's \(classes.names.count) classes to \(options.labels). To give them to the function: "
        + "./build-zip.sh --labels \(options.labels), and deploy it with ClassLabelsFile=\(name) "
        + "(CLASS_LABELS=/var/task/\(name)) and ModelOutput=logits (MODEL_OUTPUT), which train.py's models return"
    )
  }
}
