/// A page of HTML that needs neither network nor script and follows the reader's light or dark scheme.
package struct Page {
  package var title: String
  /// What kind of page it is, above the headline.
  package var kicker: String
  package var headline: String
  /// HTML of the sections, in order.
  package var sections: [String] = []

  package init(title: String, kicker: String, headline: String) {
    (self.title, self.kicker, self.headline) = (title, kicker, headline)
  }

  /// Adds a section under a heading.
  ///
  /// - Parameter html: written by the functions of `HTML` and the plots, which escape their text.
  package mutating func add(_ heading: String, _ html: String) {
    sections.append("<section><h2>\(HTML.escaped(heading))</h2>\n\(html)\n</section>")
  }

  package var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
    <link rel="icon" href="data:,">
    <title>\(HTML.escaped(title))</title>
    <style>\(PageStyle.css)</style>
    </head>
    <body><main>
    <header>
    <p class="kicker">\(HTML.escaped(kicker))</p>
    <h1>\(HTML.escaped(HTML.unbroken(headline)))</h1>
    </header>
    \(sections.joined(separator: "\n"))
    </main></body>
    </html>

    """
  }
}
