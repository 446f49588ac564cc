/// The NVMe disks of training instance types that have some: SageMaker uses them instead of a
/// volume, and refuses a larger one.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html and
/// https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html
enum LocalDisk {
  /// - Returns: nil for a type without such disks, or one that is not in the table.
  static func gigabytes(of instanceType: String) -> Int? { table[instanceType] }

  private static let table = [
    "ml.g4dn.xlarge": 125, "ml.g4dn.2xlarge": 225, "ml.g4dn.4xlarge": 225, "ml.g4dn.8xlarge": 900,
    "ml.g4dn.12xlarge": 900, "ml.g4dn.16xlarge": 900,
    "ml.g5.xlarge": 250, "ml.g5.2xlarge": 450, "ml.g5.4xlarge": 600, "ml.g5.8xlarge": 900,
    "ml.g5.12xlarge": 3800, "ml.g5.16xlarge": 1900, "ml.g5.24xlarge": 3800,
    "ml.g5.48xlarge": 7600,
    "ml.g6.xlarge": 250, "ml.g6.2xlarge": 450, "ml.g6.4xlarge": 600, "ml.g6.8xlarge": 900,
    "ml.g6.12xlarge": 3760, "ml.g6.16xlarge": 1880, "ml.g6.24xlarge": 3760,
    "ml.g6.48xlarge": 7520,
    "ml.p3dn.24xlarge": 1800, "ml.p4d.24xlarge": 8000, "ml.p4de.24xlarge": 8000,
    "ml.p5.48xlarge": 30400, "ml.m5d.large": 75, "ml.m5d.xlarge": 150, "ml.m5d.2xlarge": 300,
    "ml.c5d.xlarge": 100, "ml.c5d.2xlarge": 200, "ml.c5d.4xlarge": 400,
  ]
}
