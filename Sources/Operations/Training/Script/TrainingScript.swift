import Archives
import Foundation

/// The Python that trains and serves: a resource of this module, the same everywhere.
package enum TrainingScript {
  /// The folder with train.py and what lies beside it.
  ///
  /// - Throws: `TrainingError` when the package's resource is missing.
  package static func folder() throws(TrainingError) -> URL { try resource("code") }

  /// What lies in the package's resource folder beside the program.
  ///
  /// Foundation's own accessor ends the process when the folder is not there, as after the program alone was copied.
  ///
  /// - Throws: `TrainingError` saying which folder has to be there.
  static func resource(
    _ name: String, besides program: URL? = Bundle.main.executableURL
  ) throws(TrainingError) -> URL {
    let bundle = "sagemaker-image-inference_Training.resources"
    let folder = (program ?? URL(fileURLWithPath: "/proc/self/exe")).resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent(bundle)
    let url = folder.appendingPathComponent(name)
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw TrainingError(
        "\(url.path) is missing: the folder \(bundle) lies beside inferencectl where it was built, and "
          + "has to be copied with it (or leave a symbolic link where you want the command)")
    }
    return url
  }

  /// sourcedir.tar.gz as SageMaker's training toolkit wants it: files at the top, no folder. The same files give
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

  /// The numbers that SageMaker finds in the script's output.
  static func metricDefinitions() throws -> [(name: String, regex: String)] {
    struct Definition: Decodable {
      let Name: String
      let Regex: String
    }
    let data = try Data(contentsOf: resource("metric-definitions.json"))
    return try JSONDecoder().decode([Definition].self, from: data).map { ($0.Name, $0.Regex) }
  }
}

/// Why something of training cannot be done on this machine.
package struct TrainingError: Error, Equatable, CustomStringConvertible {
  /// What is wrong.
  package let problem: String

  /// An error.
  package init(_ problem: String) { self.problem = problem }

  /// The problem.
  package var description: String { problem }
}
