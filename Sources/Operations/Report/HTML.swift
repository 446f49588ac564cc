/// Pieces of a page. Every text is escaped here and nowhere else.
package enum HTML {
  package static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.append(character)
      }
    }
    return result
  }

  /// Numbers stay with their units when lines are broken: `1 × ml.m5.xlarge`, `95 % interval 1.08 s to 1.17 s`.
  package static func unbroken(_ text: String) -> String {
    let units: Set<Substring> = ["%", "ms", "s", "min", "h", "days"]
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    return words.indices.map { index in
      guard index > 0 else { return String(words[index]) }
      let unit = words[index].prefix { $0.isLetter || $0 == "%" }
      let isBound =
        units.contains(unit) && words[index - 1].last?.isNumber == true
        || unit == "interval" && words[index - 1] == "%" || words[index] == "×"
        || words[index - 1] == "×"
      return (isBound ? "\u{A0}" : " ") + words[index]
    }.joined()
  }

  package enum Mood: String { case neutral = "", good, bad }

  /// A number with what it is above and what it means below.
  package struct Tile {
    let name: String
    let value: String
    let note: String
    let mood: Mood

    package init(_ name: String, _ value: String, _ note: String, _ mood: Mood = .neutral) {
      (self.name, self.value, self.note, self.mood) = (name, value, note, mood)
    }
  }

  package static func tiles(_ tiles: [Tile]) -> String {
    "<div class=\"tiles\">"
      + tiles.map { tile in
        "<div class=\"\(tile.mood.rawValue)\"><p>\(escaped(tile.name))</p><b>\(escaped(unbroken(tile.value)))</b>"
          + "<p>\(escaped(unbroken(tile.note)))</p></div>"
      }.joined() + "</div>"
  }

  package struct Row {
    let cells: [String]
    let isMarked: Bool

    package init(_ cells: [String], isMarked: Bool = false) {
      (self.cells, self.isMarked) = (cells, isMarked)
    }
  }

  /// The first `textColumns` are text at the left, the others numbers at the right.
  package static func table(
    _ headings: [String], _ rows: [Row], textColumns: Int = 1
  ) -> String {
    func cells(_ texts: [String], _ tag: String, _ attributes: String = "") -> String {
      texts.enumerated().map { index, text in
        "<\(tag)\(attributes)\(index < textColumns ? " class=\"text\"" : "")>\(escaped(text))</\(tag)>"
      }.joined()
    }
    let body = rows.map {
      "<tr\($0.isMarked ? " class=\"chosen\"" : "")>\(cells($0.cells, "td"))</tr>"
    }
    let head = cells(headings, "th", " scope=\"col\"")
    return """
      <div class="wide" tabindex="0"><table><thead><tr>\(head)</tr></thead><tbody>
      \(body.joined(separator: "\n"))
      </tbody></table></div>
      """
  }

  /// Something that is read on demand; it opens without script.
  ///
  /// - Parameter html: written by the functions here and the plots.
  package static func details(_ summary: String, _ html: String) -> String {
    "<details><summary>\(escaped(summary))</summary>\n\(html)\n</details>"
  }

  package static func definitions(_ rows: [(name: String, value: String)]) -> String {
    "<dl>"
      + rows.map { "<dt>\(escaped($0.name))</dt><dd>\(escaped($0.value))</dd>" }
      .joined(separator: "\n") + "</dl>"
  }

  package static func code(_ lines: [String]) -> String {
    "<pre tabindex=\"0\">\(escaped(lines.joined(separator: "\n")))</pre>"
  }

  package static func list(_ items: [String]) -> String {
    items.isEmpty ? "" : "<ul>\(items.map { "<li>\(escaped($0))</li>" }.joined())</ul>"
  }

  package static func paragraph(_ text: String, isSmall: Bool = false) -> String {
    "<p\(isSmall ? " class=\"small\"" : "")>\(escaped(text))</p>"
  }

  /// Plots side by side where there is room.
  package static func grid(_ figures: [String]) -> String {
    "<div class=\"plots\">\n\(figures.joined(separator: "\n"))\n</div>"
  }

  /// A plot with its title, and what its colors mean.
  static func figure(
    _ title: String, _ explanation: String, legend: [LegendEntry], _ pictures: String
  ) -> String {
    let entries = legend.map {
      "<span><i class=\"\($0.style) c\($0.color)\"></i>\(escaped($0.name))</span>"
    }
    return """
      <figure>
      <figcaption><h3>\(escaped(title))</h3><p>\(escaped(explanation))</p>\
      <div class="legend">\(entries.joined())</div></figcaption>
      \(pictures)
      </figure>
      """
  }
}

/// An entry of a plot's legend.
struct LegendEntry {
  let name: String
  /// 1 … 6, a color of the page; 0 is the text's.
  let color: Int
  /// `swatch`, `dash`, or `band`.
  var style = "swatch"
}
