import Foundation

/// A name for everything that decides the results of a search, so that no result of another search
/// is taken for one of this.
package enum SearchKey {
  /// - Parameters:
  ///   - photographs: the folder; a photograph or CSV file that was added, replaced, or touched
  ///     changes the key, but not what a run writes there.
  ///   - weights: file of pretrained weights, `none`, or nil for train.py's own.
  ///   - settings: names and values, for example the ranges.
  package static func text(
    photographs: String, weights: String?, settings: [(String, String)]
  ) throws -> String {
    var content = settings.map { "\($0.0)=\($0.1)\n" }.joined()
    content += "data=\(URL(fileURLWithPath: photographs).resolvingSymlinksInPath().path)\n"
    content += try PhotographListing.states(in: photographs).sortedByCodePoints()
      .joined(separator: "\n")
    if let weights { content += "\nweights=\(weights) \(PhotographListing.state(weights))" }
    return String(ContentHash.text(of: Array(content.utf8)).prefix(12))
  }
}
