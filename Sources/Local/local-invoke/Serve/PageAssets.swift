import Foundation
import LoopbackServer

/// The files of the page, in memory.
struct PageAssets: Sendable {
  private static let types = [
    "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
  ]
  /// Nothing from elsewhere, no script or style in the document, and no text that becomes HTML.
  private static let policy = [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob:",
    "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    "require-trusted-types-for 'script'", "trusted-types 'none'",
  ].joined(separator: "; ")
  static let headers = [
    ("Cache-Control", "no-store"), ("Content-Security-Policy", policy),
    ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"), ("X-Content-Type-Options", "nosniff"),
  ]

  private let files: [String: (type: String, bytes: [UInt8])]

  init() throws {
    let folder = Bundle.module.bundleURL.appendingPathComponent("Page")
    files = try FileManager.default.contentsOfDirectory(atPath: folder.path).reduce(into: [:]) {
      files, name in
      guard let type = Self.types[(name as NSString).pathExtension] else { return }
      files[name] = (type, Array(try Data(contentsOf: folder.appendingPathComponent(name))))
    }
  }

  /// False if there is no such file.
  func send(_ name: String, to connection: LoopbackConnection) throws -> Bool {
    guard let file = files[name] else { return false }
    try connection.send(
      status: 200, headers: [("Content-Type", file.type)] + Self.headers, body: file.bytes)
    return true
  }
}
