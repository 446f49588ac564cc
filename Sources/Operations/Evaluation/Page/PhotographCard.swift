import Report

/// A photograph on a page, with what the model said.
package struct PhotographCard: Sendable, Equatable {
  package let key: String
  package let predicted: String
  package let probability: Double?
  /// What it is labeled as.
  package let label: String?
  /// `data:image/…`; nil shows only the text.
  package let thumbnail: String?

  package init(
    key: String, predicted: String, probability: Double?, label: String? = nil,
    thumbnail: String? = nil
  ) {
    (self.key, self.predicted, self.probability) = (key, predicted, probability)
    (self.label, self.thumbnail) = (label, thumbnail)
  }

  var picture: Gallery.Picture {
    let isMistake = label.map { $0 != predicted } ?? false
    return Gallery.Picture(
      source: thumbnail, title: isMistake ? "\(label ?? "") → \(predicted)" : predicted,
      lines: [probability.map { "\(NumberText.percent($0)) \(predicted)" }, key].compactMap { $0 })
  }
}

extension [PhotographCard] {
  var html: String { Gallery(map(\.picture)).html }
}
