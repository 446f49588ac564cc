import AWSControl
import JSON
import OperationsSupport
import TestSupport
import Testing

@testable import Endpoints

/// The creation of serverless and asynchronous endpoints.
@Suite struct KindCreationTests {
  private typealias F = HostingFixture
  private static let made = [
    "CreateEndpointConfig": [#"{"EndpointConfigArn":"a"}"#], "CreateModel": [#"{"ModelArn":"a"}"#],
    "CreateEndpoint": [#"{"EndpointArn":"a"}"#], "DescribeEndpoint": [F.missing],
  ]
  private static let own = "111122223333.dkr.ecr.us-east-1.amazonaws.com/pets:v1"

  private func creation(
    _ hosting: CreateEndpointConfig.Hosting = .instances(type: "ml.g4dn.xlarge", count: 1)
  ) -> EndpointCreation {
    EndpointCreation(
      endpointName: "dogs", modelData: S3Location(bucket: "models", key: "model.tar.gz"),
      roleARN: "arn:aws:iam::111122223333:role/r", hosting: hosting)
  }

  private func serverless() throws -> EndpointCreation {
    creation(
      .serverless(
        try ServerlessConfiguration(
          memoryMegabytes: 2048, maximumConcurrency: 5, provisionedConcurrency: 1)))
  }

  private func asynchronous(_ output: String, _ failures: String? = nil) -> EndpointCreation {
    var creation = creation()
    var configuration = AsynchronousConfiguration(outputPath: output)
    configuration.failurePath = failures
    creation.asynchronous = configuration
    return creation
  }

  private func warnings(
    _ creation: EndpointCreation, images: String = "{}"
  ) throws -> [String] {
    let fixture = try F(["DescribeImages": [images]])
    return try withExtendedLifetime(fixture) { try creation.check(with: fixture.client) }
  }

  private func refusal(_ creation: EndpointCreation, images: String = "{}") -> String {
    let refusal = #expect(throws: Refusal.self) { try warnings(creation, images: images) }
    return refusal?.message ?? ""
  }

  // MARK: Serverless

  @Test func serverlessEndpointHasNoInstancesAndOneWorker() throws {
    let fixture = try F(Self.made)
    _ = try serverless().run(suffix: "1", with: fixture.client)
    let variant = fixture.bodies("CreateEndpointConfig")[0]["ProductionVariants"]?[0]
    #expect(variant?["InstanceType"] == nil)
    #expect(variant?["InitialInstanceCount"] == nil)
    #expect(variant?["ServerlessConfig"]?["MemorySizeInMB"] == 2048)
    #expect(variant?["ServerlessConfig"]?["ProvisionedConcurrency"] == 1)
    let container = fixture.bodies("CreateModel")[0]["PrimaryContainer"]
    #expect(container?["Image"]?.stringValue?.contains("-cpu-") == true)
    #expect(container?["Environment"]?["SAGEMAKER_MODEL_SERVER_WORKERS"] == "1")
    #expect(container?["Environment"]?["MMS_DEFAULT_WORKERS_PER_MODEL"] == "1")
  }

  private static let refused: [(Int, Int, Int?)] = [
    (1000, 5, nil), (7168, 5, nil), (2048, 0, nil), (2048, 201, nil), (2048, 5, 6), (2048, 5, -1),
  ]

  @Test(arguments: refused)
  func settingsThatSageMakerRefusesAreRefused(memory: Int, maximum: Int, provisioned: Int?) {
    #expect(throws: Refusal.self) {
      try ServerlessConfiguration(
        memoryMegabytes: memory, maximumConcurrency: maximum, provisionedConcurrency: provisioned)
    }
  }

  @Test func networkIsRefusedForServerless() throws {
    var inVPC = try serverless()
    inVPC.network = ModelNetwork(subnetIDs: ["subnet-1"], securityGroupIDs: ["sg-1"])
    #expect(refusal(inVPC).contains("VPC"))
    var isolated = try serverless()
    isolated.isNetworkIsolated = true
    #expect(refusal(isolated).contains("isolated"))
  }

  @Test func imageFromAnotherRegistryIsRefusedForServerless() throws {
    var creation = try serverless()
    creation.image = "docker.io/library/pets:v1"
    #expect(refusal(creation).contains("not in Amazon ECR"))
    var instances = self.creation()
    instances.image = creation.image
    #expect(try warnings(instances).isEmpty)
  }

  @Test func imageAboveTenGigabytesIsRefusedForServerless() throws {
    var creation = try serverless()
    creation.image = Self.own
    let large = #"{"imageDetails":[{"imageSizeInBytes":10737418241}]}"#
    #expect(refusal(creation, images: large).contains("at most 10737418240"))
    let largest = #"{"imageDetails":[{"imageSizeInBytes":10737418240}]}"#
    #expect(try !warnings(creation, images: largest).contains { $0.contains("10737418240") })
  }

  @Test func imageOfAnotherAccountIsWarnedOfForServerless() throws {
    var creation = try serverless()
    creation.image = "444455556666.dkr.ecr.us-east-1.amazonaws.com/pets:v1"
    #expect(try warnings(creation).contains { $0.contains("is in account 444455556666") })
    creation.image = nil
    #expect(try !warnings(creation).contains { $0.contains("is in account") })
  }

  @Test func openContainerManifestIsWarnedOfForEveryKind() throws {
    let oci =
      #"{"imageDetails":[{"imageManifestMediaType":"application/vnd.oci.image.index.v1+json"}]}"#
    for var creation in [creation(), try serverless(), asynchronous("s3://results/o")] {
      creation.image = Self.own
      #expect(try warnings(creation, images: oci).contains { $0.contains("--provenance=false") })
    }
  }

  @Test func imageThatMayNotBeReadIsANote() throws {
    var creation = try serverless()
    creation.image = Self.own
    let found = try warnings(creation, images: "AccessDeniedException: no")
    #expect(found.contains { $0.contains("ecr:DescribeImages") })
  }

  @Test func variablesThatFailOnServerlessAreWarnedOf() throws {
    var creation = try serverless()
    #expect(try warnings(creation).isEmpty)
    creation.environment = ["MMS_DEFAULT_WORKERS_PER_MODEL": "2", "HF_HOME": "/opt/cache"]
    let found = try warnings(creation)
    #expect(found.contains { $0.hasPrefix("MMS_DEFAULT_WORKERS_PER_MODEL=2") })
    #expect(found.contains { $0.hasPrefix("HF_HOME=/opt/cache") })
    creation.environment = ["HF_HOME": "/tmp/cache"]
    #expect(try warnings(creation).isEmpty)
    creation.image = Self.own
    creation.environment = [:]
    #expect(try warnings(creation).contains { $0.contains("--env HF_HOME=/tmp") })
  }

  @Test(arguments: [
    ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/a/b:v1", "a/b", "v1"),
    ("111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/a", "a", "latest"),
  ])
  func imageOfECRIsRead(uri: String, repository: String, tag: String) throws {
    let image = try #require(ContainerImage(uri))
    #expect(image.accountID == "111122223333")
    #expect(image.repository == repository)
    #expect(image.reference == .tag(tag))
  }

  @Test func imageByDigestIsRead() throws {
    let image = try #require(
      ContainerImage("111122223333.dkr.ecr.us-east-1.amazonaws.com/a:v1@sha256:ab"))
    #expect(image.repository == "a")
    #expect(image.reference == .digest("sha256:ab"))
    #expect(ContainerImage("public.ecr.aws/a/b:v1") == nil)
    #expect(ContainerImage("pets") == nil)
  }

  // MARK: Asynchronous

  @Test func asynchronousEndpointBeginsWithAnInstanceAndItsPaths() throws {
    let fixture = try F(Self.made)
    var change = AsynchronousChange()
    change.outputPath = "s3://results/output"
    change.successTopicARN = "arn:aws:sns:us-east-1:1:done"
    var creation = creation()
    creation.asynchronous = try change.configuration()
    _ = try creation.run(suffix: "1", with: fixture.client)
    let body = fixture.bodies("CreateEndpointConfig")[0]
    #expect(body["ProductionVariants"]?[0]?["InitialInstanceCount"] == 1)
    let output = body["AsyncInferenceConfig"]?["OutputConfig"]
    #expect(output?["S3OutputPath"] == "s3://results/output")
    #expect(
      output?["NotificationConfig"]?["IncludeInferenceResponseIn"] == ["SUCCESS_NOTIFICATION_TOPIC"]
    )
  }

  @Test(arguments: [
    ("s3://photos/uploads/output", "uploads/"), ("s3://photos/uploads-output", "up"),
    ("s3://photos", "uploads/"), ("s3://photos/output", ""), ("s3://photos/a", "a/b/"),
  ])
  func answersBelowTheUploadsAreRefused(output: String, prefix: String) {
    var creation = asynchronous(output)
    creation.trigger = UploadTrigger(functionName: "f", bucket: "photos", prefix: prefix)
    #expect(refusal(creation).contains("submitted as an image, for ever"))
    var failures = asynchronous("s3://other/output", output)
    failures.trigger = creation.trigger
    #expect(refusal(failures).contains("submitted as an image, for ever"))
  }

  @Test(arguments: [
    ("s3://photos/output", "uploads/"), ("s3://results/uploads", "uploads/"),
    ("s3://photos/uploads-output", "uploads/"),
  ])
  func separatePathsAreAccepted(output: String, prefix: String) throws {
    var creation = asynchronous(output)
    creation.trigger = UploadTrigger(functionName: "f", bucket: "photos", prefix: prefix)
    #expect(try warnings(creation).isEmpty)
  }

  @Test func failuresBelowTheAnswersAreRefused() {
    #expect(refusal(asynchronous("s3://res/out", "s3://res/out/failures")).contains("overlap"))
    #expect(refusal(asynchronous("s3://res/out", "s3://res/out")).contains("overlap"))
    #expect(throws: Never.self) {
      try warnings(asynchronous("s3://res/out", "s3://res/out-failures"))
    }
  }

  @Test(arguments: ["https://bucket/x", "s3://", "s3://b/" + String(repeating: "a", count: 512)])
  func pathsOfAnotherFormAreRefused(path: String) {
    #expect(refusal(asynchronous(path)).contains("must be s3://BUCKET/PREFIX"))
  }

  @Test func uploadsAreThoseOfTheFunction() throws {
    let function = """
      {"FunctionName":"f","FunctionArn":"arn","Version":"$LATEST","Environment":{"Variables":
      {"IMAGE_BUCKET":"photos","IMAGE_PREFIX":"uploads/","SECRET":"x"}}}
      """
    let fixture = try F(["GET": [function]])
    let trigger = try UploadTrigger.read(functionName: "f", with: fixture.client)
    #expect(trigger == UploadTrigger(functionName: "f", bucket: "photos", prefix: "uploads/"))
  }

  @Test func containerThatRepliesInChunksIsWarnedOf() throws {
    var creation = asynchronous("s3://results/o")
    creation.image = "763104351884.dkr.ecr.us-east-1.amazonaws.com/djl-inference:0.29.0-lmi"
    #expect(try warnings(creation).contains { $0.contains("Content-Length") })
  }
}
