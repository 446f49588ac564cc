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

  /// sourcedir.tar.gz for SageMaker's training toolkit: files at the top level. The same files give
  /// the same bytes.
  package static func sourceArchive() throws -> [UInt8] {
    let folder = try folder()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".py") || $0.hasSuffix(".txt") }.sorted()
    let files = try names.map { name in
      (name, [UInt8](try Data(contentsOf: folder.appendingPathComponent(name))))
    }
    return try Gzip.compress(Tar.pack(files))
  }

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
