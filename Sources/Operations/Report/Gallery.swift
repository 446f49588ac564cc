/// Pictures with what is to be said about each.
package struct Gallery {
  package struct Picture {
    /// `data:image/…;base64,…`; nil shows only the text.
    let source: String?
    let title: String
    let lines: [String]

    /// - Parameter source: a `data:` address of an image; any other is left out, because the page
    ///   loads nothing.
    package init(source: String?, title: String, lines: [String]) {
      self.source = source.flatMap { $0.hasPrefix("data:image/") ? $0 : nil }
      (self.title, self.lines) = (title, lines)
    }
  }

  package var pictures: [Picture]

  package init(_ pictures: [Picture]) { self.pictures = pictures }

  package var html: String {
    let cards = pictures.map { picture in
      let image =
        picture.source.map { source in
          "<img src=\"\(HTML.escaped(source))\" alt=\"\(HTML.escaped(picture.title))\">"
        } ?? "<div class=\"nopicture\"></div>"
      let lines = picture.lines.map { "<p>\(HTML.escaped($0))</p>" }.joined()
      return
        "<figure>\(image)<figcaption><h3>\(HTML.escaped(picture.title))</h3>\(lines)</figcaption></figure>"
    }
    return "<div class=\"gallery\">\n\(cards.joined(separator: "\n"))\n</div>"
  }
}
