/// AWS's PyTorch images (Deep Learning Containers), which include SageMaker's toolkits.
///
/// Accounts and versions are those of the SageMaker Python SDK 2.257.7
/// (`image_uri_config/pytorch.json`); `.ci/checks/operations-hosting.sh` compares them with it.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/sagemaker-algo-docker-registry-paths.html
package struct PyTorchImage: Sendable {
  package enum Purpose: String, Sendable {
    case training, inference
  }

  /// The newest release that both the training and the inference images have.
  package static let version = "2.6.0"
  private static let python = "py312"
  /// The newest release of Graviton's inference image in the SDK's table.
  private static let gravitonTag = "2.4.0-cpu-py311-ubuntu22.04"

  /// The image for an instance type in a region.
  ///
  /// - Throws: `Refusal` for a region that is not in the table, and for a type on which PyTorch's
  ///   images do not run.
  package static func uri(
    _ purpose: Purpose, region: String, instanceType: String
  ) throws(Refusal) -> String {
    let name = try repositoryAndTag(purpose, instanceType: instanceType)
    guard let account = account(of: region) else {
      throw Refusal(
        "There is no PyTorch image for \(region) in this program's table",
        advice:
          "Pass one with --image ACCOUNT.dkr.ecr.\(region).amazonaws.com/pytorch-\(purpose):TAG")
    }
    let suffix = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    return "\(account).dkr.ecr.\(region).\(suffix)/\(name)"
  }

  /// Repository and tag for an instance type, the same in every region.
  ///
  /// - Throws: `Refusal` for a type on which PyTorch's images do not run.
  package static func repositoryAndTag(
    _ purpose: Purpose, instanceType: String
  ) throws(Refusal) -> String {
    let processor = InstanceProcessor(instanceType: instanceType)
    switch (processor, purpose) {
    case (.x86, _): return "pytorch-\(purpose):\(version)-cpu-\(python)"
    case (.nvidia, _): return "pytorch-\(purpose):\(version)-gpu-\(python)"
    case (.graviton, .inference): return "pytorch-inference-graviton:\(gravitonTag)"
    default:
      throw Refusal(
        "\(instanceType) has \(processor.description), for which AWS has no PyTorch \(purpose) image "
          + "that can run this model",
        advice: purpose == .training
          ? "Use a type with x86 processors or NVIDIA GPUs, for example ml.m5.xlarge or ml.g4dn.xlarge, "
            + "or pass an image with --image"
          : "Use ml.m5 or ml.c5 (x86), ml.c7g (Graviton), or ml.g4dn (NVIDIA GPU), or pass an image "
            + "with --image")
    }
  }

  /// Whether an account is AWS's for images of this kind.
  package static func isAWS(accountID: String) -> Bool {
    accountID == "763104351884" || otherAccounts.values.contains(accountID)
  }

  private static func account(of region: String) -> String? {
    regularRegions.contains(region) ? "763104351884" : otherAccounts[region]
  }

  private static let regularRegions: Set<String> = [
    "ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
    "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3",
    "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
  ]

  /// Newer and separate regions have other accounts.
  private static let otherAccounts = [
    "af-south-1": "626614931356",
    "ap-east-1": "871362719292",
    "ap-east-2": "975050140332",
    "ap-northeast-3": "364406365360",
    "ap-south-2": "772153158452",
    "ap-southeast-3": "907027046896",
    "ap-southeast-4": "457447274322",
    "ap-southeast-5": "550225433462",
    "ap-southeast-6": "633930458069",
    "ap-southeast-7": "590183813437",
    "ca-west-1": "204538143572",
    "cn-north-1": "727897471807",
    "cn-northwest-1": "727897471807",
    "eu-central-2": "380420809688",
    "eu-south-1": "692866216735",
    "eu-south-2": "503227376785",
    "il-central-1": "780543022126",
    "me-central-1": "914824155844",
    "me-south-1": "217643126080",
    "mx-central-1": "637423239942",
    "us-gov-east-1": "446045086412",
    "us-gov-west-1": "442386744353",
  ]
}
