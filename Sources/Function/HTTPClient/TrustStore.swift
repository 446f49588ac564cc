import Glibc
import Platform

/// Which certificate authorities a TLS server may chain to (docs/architecture.md, decision 7).
///
/// The first attempt is made with `primary`. Only when the server's issuer is unknown to it is the
/// transfer repeated with `fallback`. Verification itself is never weakened.
public struct TrustStore: Sendable, Equatable {
  /// Where certificates come from.
  public enum Source: Sendable, Equatable {
    /// Certificates in PEM form.
    case pem([UInt8])
    /// A file of certificates in PEM form.
    case file(String)
    /// The five roots of Amazon Trust Services, built in.
    case amazonTrustServices
  }

  /// Used first.
  public let primary: Source
  /// Used when `primary` does not know the issuer; nil refuses at once.
  public let fallback: Source?

  /// A trust store; see the properties.
  public init(primary: Source, fallback: Source? = nil) {
    self.primary = primary
    self.fallback = fallback
  }

  /// The built-in roots and the system's bundle, or the file that `AWS_CA_BUNDLE`, else
  /// `SSL_CERT_FILE`, names instead of both.
  public init(environment: Environment) {
    if let path = environment["AWS_CA_BUNDLE"] ?? environment["SSL_CERT_FILE"] {
      self.init(primary: .file(path))
    } else {
      self.init(primary: .amazonTrustServices, fallback: Self.systemBundle().map(Source.file))
    }
  }

  /// The first well-known path that exists: Debian, Amazon Linux, Alpine.
  private static func systemBundle() -> String? {
    let paths = [
      "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
      "/etc/ssl/cert.pem",
    ]
    return paths.first { unsafe access($0, R_OK) == 0 }
  }
}
