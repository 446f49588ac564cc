import ArgumentParser

/// What is replayed, how often, and how it is answered.
struct InputOptions: ParsableArguments {
  enum Output: String, ExpressibleByArgument, CaseIterable {
    case json, text
  }

  @Argument(
    help: ArgumentHelp(
      """
      Events (JSON files), photographs (JPEG or PNG), or folders of photographs, for example events/s3.json or rex.jpg; \
      - reads standard input.
      """, valueName: "file"))
  var paths: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      Service that sends the event of a photograph: s3, sqs (up to 10 photographs per event), sns, eventbridge, batch, \
      http, or direct (default: s3).
      """, valueName: "service"))
  var event: EventSource?

  @Flag(
    help: """
      Replay again whenever an event, a photograph, or an object of an event changes. Press Ctrl-C to stop.
      """)
  var watch = false

  @Option(
    help: ArgumentHelp(
      """
      Standard output: json, the function's answer, one per line; or text, the most probable classes as bars.
      """, valueName: "format"))
  var output = Output.json

  func validate() throws {
    guard paths.filter({ $0 == "-" }).count <= 1 else {
      throw ValidationError("Standard input (-) can be read only once.")
    }
    guard !watch || !paths.contains("-") else {
      throw ValidationError("--watch cannot be combined with standard input (-).")
    }
  }
}

extension EventSource: ExpressibleByArgument {}
