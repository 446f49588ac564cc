import Archives
import Foundation

/// The Python scripts that train and serve, a resource of this module.
package enum TrainingScript {
  /// The folder of train.py and its modules.
  ///
  /// - Throws: `TrainingError` when the package's resource is missing.
  package static func folder() throws(TrainingError) -> URL { try resource("code") }

  /// A file in the package's resource folder beside the program.
  ///
  /// Foundation's own accessor ends the process when the folder is missing, for example after the
  /// program was copied alone.
  ///
  /// - Throws: `TrainingError` that names the missing folder.
  static func resource(
    _ name: String, besides program: URL? = Bundle.main.executableURL
  ) throws(TrainingError) -> URL {
    let bundle = "sagemaker-image-inference_Training.resources"
    let folder = (program ?? URL(fileURLWithPath: "/proc/self/exe")).resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent(bundle)
    let url = folder.appendingPathComponent(name)
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw TrainingError(
        "\(url.path) is missing: copy the folder \(bundle), which is beside inferencectl where it was built, "
          + "along with the program, or use a symbolic link to the program instead of a copy")
    }
    return url
  }

  /// Where the source runs.
  package enum Destination: Sendable {
    /// A container that installs nothing.
    case job
    /// A container that installs the package with the weights at its start, as it does for every
    /// requirements.txt, which needs the internet.
    case jobWithInternet
    /// A machine that runs ec2-training.sh, which reads the lists of packages itself.
    case machine
  }

  /// sourcedir.tar.gz for SageMaker's training toolkit: files at the top level. The same files give
  /// the same bytes.
  package static func sourceArchive(for destination: Destination) throws -> [UInt8] {
    let folder = try folder()
    let endings = [".py", ".json"] + (destination == .machine ? [".txt"] : [])
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { name in endings.contains { name.hasSuffix($0) } }.sorted()
    var files = try names.map { name in
      (name, [UInt8](try Data(contentsOf: folder.appendingPathComponent(name))))
    }
    if destination == .jobWithInternet {
      let list = folder.appendingPathComponent(weightsRequirements)
      files.append(("requirements.txt", [UInt8](try Data(contentsOf: list))))
    }
    return try Gzip.compress(Tar.pack(files))
  }

  /// The list of the one package that the containers lack.
  static let weightsRequirements = "requirements-weights.txt"

  /// The shell script that a new EC2 machine runs.
  static func machineScript() throws -> String {
    try String(contentsOf: resource("ec2-training.sh"), encoding: .utf8)
  }

  /// The numbers that SageMaker extracts from the script's output.
  static func metricDefinitions() throws -> [(name: String, regex: String)] {
    struct Definition: Decodable {
      let Name: String
      let Regex: String
    }
    let data = try Data(contentsOf: resource("metric-definitions.json"))
    return try JSONDecoder().decode([Definition].self, from: data).map { ($0.Name, $0.Regex) }
  }
}

/// Why training is not possible on this machine.
package struct TrainingError: Error, Equatable, CustomStringConvertible {
  package let problem: String

  package init(_ problem: String) { self.problem = problem }

  package var description: String { problem }
}
