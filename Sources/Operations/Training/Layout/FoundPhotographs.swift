/// The photographs of each split, before any are split off.
struct FoundPhotographs {
  struct Photograph {
    /// Below the listed folder.
    let path: String
    let label: String
  }

  let layout: String
  let root: String
  let place: String
  var splits: [PhotographLayout.Split: [Photograph]]
  /// Where the photographs of a split come from.
  var sources: [PhotographLayout.Split: String]
  var ignored: IgnoredPaths

  var classes: [String] {
    Set((splits[.train] ?? []).map(\.label)).sortedByCodePoints()
  }
}
