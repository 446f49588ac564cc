/// GPUs of NVIDIA's instance types: one where the table has nothing else.
/// Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html
package enum GPUCount {
  /// - Parameter instanceType: for example `ml.g5.12xlarge`.
  /// - Returns: nil for a type without NVIDIA GPUs.
  package static func of(_ instanceType: String) -> Int? {
    guard InstanceProcessor(instanceType: instanceType) == .nvidia else { return nil }
    let parts = instanceType.split(separator: ".")
    let (family, size) = (parts.dropLast().last ?? "", parts.last ?? "")
    return severalByFamily[String(family)]?[String(size)] ?? 1
  }

  private static let likeG5 = ["12xlarge": 4, "24xlarge": 4, "48xlarge": 8]
  private static let severalByFamily = [
    "g4dn": ["12xlarge": 4, "metal": 8], "g5": likeG5, "g6": likeG5, "g6e": likeG5,
    "p2": ["8xlarge": 8, "16xlarge": 16], "p3": ["8xlarge": 4, "16xlarge": 8],
    "p3dn": ["24xlarge": 8], "p4d": ["24xlarge": 8], "p4de": ["24xlarge": 8],
    "p5": ["48xlarge": 8], "p5e": ["48xlarge": 8], "p5en": ["48xlarge": 8],
  ]
}
