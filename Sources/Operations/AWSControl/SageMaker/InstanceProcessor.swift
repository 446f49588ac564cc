/// What computes on an instance type, as far as it decides the container image.
///
/// Read from the family's name, so that new generations need no table: `g` behind the generation is
/// Graviton, `a` AMD.
/// Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
package enum InstanceProcessor: Sendable, Equatable {
  case x86
  /// Arm processors of AWS.
  case graviton
  /// x86 processors and NVIDIA GPUs.
  case nvidia
  /// Graviton and NVIDIA GPUs: the g5g.
  case gravitonWithNVIDIA
  /// The GPUs of the g4ad.
  case amdGPU
  /// AWS's accelerators of the families inf and trn.
  case neuron

  /// - Parameter instanceType: for example `ml.c7g.xlarge`, or EC2's `c7g.xlarge`.
  package init(instanceType: String) {
    let parts = instanceType.split(separator: ".")
    let family = parts.first == "ml" ? parts.dropFirst().first ?? "" : parts.first ?? ""
    let letters = family.prefix { $0.isLetter }
    // Behind the generation's number: `dn` of g4dn, `g` of c7g, `gd` of m6gd.
    let options = family.dropFirst(letters.count).drop { $0.isNumber }
    let isGraviton = options.first == "g"
    switch letters {
    case "inf", "trn": self = .neuron
    case "g", "gr", "p":
      self = isGraviton ? .gravitonWithNVIDIA : options.hasPrefix("ad") ? .amdGPU : .nvidia
    // The first generation had no letter behind its number.
    case "a": self = .graviton
    default: self = isGraviton ? .graviton : .x86
    }
  }

  package var description: String {
    switch self {
    case .x86: "x86 processors"
    case .graviton: "Graviton processors"
    case .nvidia: "NVIDIA GPUs"
    case .gravitonWithNVIDIA: "Graviton processors with NVIDIA GPUs"
    case .amdGPU: "AMD GPUs"
    case .neuron: "Neuron accelerators, which run only models compiled for them"
    }
  }
}
