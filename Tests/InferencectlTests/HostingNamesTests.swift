import Foundation
import TestSupport
import Testing

@testable import inferencectl

/// An endpoint that the tool creates can be deployed with the template, so both have one rule for its name.
@Suite struct HostingNamesTests {
  private static let names = [
    "a", "dogs", "dog-breeds-2", "0", "a--b", String(repeating: "a", count: 63),
    "a" + String(repeating: "-", count: 61) + "a",
    "", "-", "-a", "a-", "Dogs", "doGs", "dog_breeds", "dog breeds", "dogs.2", "dögs", "dogs\n",
    "１",
    String(repeating: "a", count: 64), "a" + String(repeating: "-", count: 62) + "a",
  ]

  @Test(arguments: names)
  func endpointIsNamedAsTheTemplateAllows(_ name: String) throws {
    #expect(HostingNames.isEndpointName(name) == (try isAllowed(name, for: "EndpointName")))
  }

  /// Empty selects no variant in the template, and is not a name.
  @Test(arguments: names.filter { !$0.isEmpty })
  func variantIsNamedAsTheTemplateAllows(_ name: String) throws {
    #expect(HostingNames.isVariantName(name) == (try isAllowed(name, for: "EndpointVariant")))
  }

  @Test func endpointInCapitalsIsRefusedWithTheRule() {
    let run = CommandRun([
      "endpoint", "create", "--endpoint-name", "Dogs", "--model-data", "s3://models/model.tar.gz",
    ])
    #expect(run.status == 2)
    #expect(run.errors.contains("--endpoint-name must be 1 to 63 lower-case letters"))
  }

  private func isAllowed(_ name: String, for parameter: String) throws -> Bool {
    let template = try String(
      contentsOf: Repository.root.appendingPathComponent("template.yaml"), encoding: .utf8)
    let declaration = try #require(
      template.components(separatedBy: "\n  \(parameter):\n    Type").last)
    let line = try #require(
      declaration.components(separatedBy: "\n").first { $0.hasPrefix("    AllowedPattern: ") })
    let pattern = try NSRegularExpression(
      pattern: String(line.dropFirst("    AllowedPattern: ".count)))
    let whole = NSRange(name.startIndex..., in: name)
    return pattern.firstMatch(in: name, options: [], range: whole)?.range == whole
  }
}
