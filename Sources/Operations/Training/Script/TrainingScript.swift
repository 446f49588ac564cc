import Archives
import Foundation

/// The Python that trains and serves: a resource of this module, the same everywhere.
public enum TrainingScript {
  /// The folder with train.py and what lies beside it.
  ///
  /// - Throws: `TrainingError` when the package's resource is missing.
  public static func folder() throws(TrainingError) -> URL {
    guard let url = Bundle.module.url(forResource: "code", withExtension: nil) else {
      throw TrainingError("the resource folder code of Training is missing")
    }
    return url
  }

  /// sourcedir.tar.gz as SageMaker's training toolkit wants it: files at the top, no folder. The same files give
  /// the same bytes.
  public static func sourceArchive() throws -> [UInt8] {
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
    guard let url = Bundle.module.url(forResource: "ec2-training", withExtension: "sh") else {
      throw TrainingError("the resource ec2-training.sh of Training is missing")
    }
    return try String(contentsOf: url, encoding: .utf8)
  }

  /// The numbers that SageMaker finds in the script's output.
  static func metricDefinitions() throws -> [(name: String, regex: String)] {
    struct Definition: Decodable {
      let Name: String
      let Regex: String
    }
    guard let url = Bundle.module.url(forResource: "metric-definitions", withExtension: "json")
    else { throw TrainingError("the resource metric-definitions.json of Training is missing") }
    return try JSONDecoder().decode([Definition].self, from: Data(contentsOf: url))
      .map { ($0.Name, $0.Regex) }
  }
}

/// Why something of training cannot be done on this machine.
public struct TrainingError: Error, Equatable, CustomStringConvertible {
  /// What is wrong.
  public let problem: String

  /// An error.
  public init(_ problem: String) { self.problem = problem }

  /// The problem.
  public var description: String { problem }
}
