import Foundation
import JSON

/// Small pictures of photographs, made by the Python that trained with them.
package enum Thumbnails {
  private static let script = """
    import base64, io, json, sys
    from PIL import Image, ImageOps
    made = {}
    for path in sys.argv[1:]:
        try:
            with Image.open(path) as image:
                image.draft("RGB", (384, 384))
                image = ImageOps.exif_transpose(image)
                image.thumbnail((240, 240))
                flat = Image.new("RGB", image.size, "white")
                layered = image.convert("RGBA")
                flat.paste(layered, mask=layered)
                data = io.BytesIO()
                flat.save(data, "JPEG", quality=78)
                made[path] = "data:image/jpeg;base64," + base64.b64encode(data.getvalue()).decode()
        except Exception:
            pass
    print(json.dumps(made))
    """

  /// - Returns: `data:` addresses by path; without those that cannot be read any more.
  package static func make(
    _ paths: [String], python: String, environment: [String: String]
  ) -> [String: String] {
    guard !paths.isEmpty else { return [:] }
    let command = LocalPython.Command([python, "-B", "-W", "ignore", "-c", script] + paths)
    guard let text = ChildProcess.output(of: command, environment: environment),
      let made = try? JSONValue(parsing: Array(text.utf8))
    else { return [:] }
    return Dictionary(
      paths.compactMap { path in made[path]?.stringValue.map { (path, $0) } },
      uniquingKeysWith: { first, _ in first })
  }
}
