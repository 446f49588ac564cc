import AWSControl

/// What is known to go wrong with container images, checked before an endpoint is created.
///
/// Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html and the issues
/// that the warnings name.
struct ImageTraps {
  /// Also in CloudFormation's and SageMaker's message, "Image size N is greater than supported
  /// size".
  static let maximumServerlessBytes = 10_737_418_240

  let image: String
  let kind: EndpointKind
  /// The container's variables.
  let environment: [String: String]
  let roleARN: String

  /// At most one read, of the account's own repositories.
  ///
  /// - Returns: warnings.
  /// - Throws: `Refusal` for an image that SageMaker refuses.
  func check(with client: ControlClient) throws -> [String] {
    guard let reference = ContainerImage(image) else {
      guard kind == .serverless else { return [] }
      throw Refusal(
        "\(image) is not in Amazon ECR, and a serverless endpoint takes images from nowhere else",
        advice: "Push it to a repository of your account, and pass its URI with --image")
    }
    var warnings: [String] = []
    let account = roleARN.split(separator: ":", omittingEmptySubsequences: false)
      .dropFirst(4).first.map(String.init)
    if reference.accountID == account {
      try checkStored(reference, &warnings, with: client)
    } else if kind == .serverless, !PyTorchImage.isAWS(accountID: reference.accountID) {
      warnings.append(
        "\(image) is in account \(reference.accountID): a serverless endpoint requires a repository of its own "
          + "account, \(account ?? "unknown"). If the creation fails, copy the image")
    }
    if kind == .serverless { warnings += serverlessWarnings(reference) }
    if kind == .asynchronous, image.contains("djl") {
      warnings.append(
        "A container that sends its reply in chunks, without Content-Length, fails behind an asynchronous endpoint "
          + "(deepjavalibrary/djl-serving#2567)")
    }
    return warnings
  }

  private func checkStored(
    _ reference: ContainerImage, _ warnings: inout [String], with client: ControlClient
  ) throws {
    let found = try client.attempt("Size and format of \(image)", notes: &warnings) {
      try client.read(DescribeImages(image: reference)).images.first
    }
    guard let stored = found ?? nil else { return }
    if kind == .serverless, let size = stored.byteCount, size > Self.maximumServerlessBytes {
      throw Refusal(
        "\(image) has \(size) bytes, and a serverless endpoint takes at most \(Self.maximumServerlessBytes) (10 GB)",
        advice: "Build a smaller image, without CUDA")
    }
    if stored.manifestMediaType?.contains(".oci.") == true {
      warnings.append(
        "\(image) has an OCI manifest, which SageMaker may refuse with \"Unsupported manifest media type\". If it "
          + "does, build the image with docker buildx build --provenance=false")
    }
  }

  private func serverlessWarnings(_ reference: ContainerImage) -> [String] {
    var warnings: [String] = []
    if case .tag(let tag) = reference.reference, tag.contains("gpu") {
      warnings.append(
        "\(image) is built for GPUs, which a serverless endpoint does not have; AWS's images with CUDA exceed its "
          + "10 GB (aws/deep-learning-containers#3803)")
    }
    for name in Self.workerVariables.sorted() {
      guard let value = environment[name], value != "1" else { continue }
      warnings.append(
        "\(name)=\(value): each worker loads the model, and AWS advises one for a serverless endpoint "
          + "(philschmid/cdk-samples#3)")
    }
    let caches = environment.filter { Self.cacheVariables.contains($0.key) }
    for (name, value) in caches.sorted(by: { $0.key < $1.key }) where !value.hasPrefix("/tmp") {
      warnings.append(
        "\(name)=\(value): only folders that everyone may write are writable in a serverless endpoint, such as /tmp"
      )
    }
    if caches.isEmpty, !image.contains("/pytorch-inference") {
      warnings.append(
        "Only folders that everyone may write are writable in a serverless endpoint, such as /tmp. If the container "
          + "keeps a cache elsewhere, set it, for example --env HF_HOME=/tmp (huggingface/text-embeddings-inference#609)"
      )
    }
    return warnings
  }

  /// Of the toolkits on TorchServe and on Multi Model Server.
  static let workerVariables: Set = [EndpointCreation.workers, "MMS_DEFAULT_WORKERS_PER_MODEL"]
  private static let cacheVariables: Set = [
    "HF_HOME", "HUGGINGFACE_HUB_CACHE", "MPLCONFIGDIR", "NUMBA_CACHE_DIR", "TORCH_HOME",
    "TRANSFORMERS_CACHE", "XDG_CACHE_HOME",
  ]
}
