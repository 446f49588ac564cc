// swift-tools-version: 6.2
import PackageDescription

// Only CI sets WARNINGS_AS_ERRORS=1, so that a new warning of a newer compiler does not break a build.
let warnings: [SwiftSetting] =
  Context.environment["WARNINGS_AS_ERRORS"] == nil ? [] : [.treatAllWarnings(as: .error)]

let cWarnings: [CSetting] =
  Context.environment["WARNINGS_AS_ERRORS"] == nil
  ? [] : [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]

/// Keeps the regular-expression engine out of the zip. `a.contains("text")` would add 1 MB; search the
/// bytes, `a.utf8`, instead.
let withoutRegularExpressions = SwiftSetting.unsafeFlags([
  "-Xfrontend", "-disable-implicit-string-processing-module-import",
])

/// For modules with a reader for every shape of event or reply, or a request for every kind of endpoint, most of which
/// a deployment never needs: the zip's size matters more than their speed. Elsewhere it would cost a start 10 % more
/// instructions.
let forSize = SwiftSetting.unsafeFlags(["-Osize"], .when(configuration: .release))

/// For a simulation loop, which would take a hundred times as long in a debug build, and seven times as long if its
/// files were optimized one by one. Overflow still traps.
let optimizedInDebug = SwiftSetting.unsafeFlags(
  ["-O", "-whole-module-optimization", "-num-threads", "2", "-disable-batch-mode"],
  .when(configuration: .debug))

/// Part of the zip: without Foundation, with every unsafe expression marked.
func function(
  _ name: String, _ dependencies: [Target.Dependency], settings: [SwiftSetting] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/Function/\(name)",
    swiftSettings: [.strictMemorySafety(), withoutRegularExpressions] + settings + warnings)
}

/// The operator's tools; never in the zip.
func operations(
  _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/Operations/\(name)",
    resources: resources, swiftSettings: warnings)
}

/// Emulates AWS on this machine.
func local(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/Local/\(name)", swiftSettings: warnings)
}

func system(_ name: String, apt package: String) -> Target {
  .systemLibrary(name: name, path: "Sources/System/\(name)", providers: [.apt([package])])
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestSupport"], path: "Tests/\(name)",
    exclude: exclude, swiftSettings: warnings)
}

/// The C libraries.
let systemLibraries: [Target] = [
  system("CLibcurl", apt: "libcurl4-openssl-dev"),
  system("CLibcrypto", apt: "libssl-dev"),
  system("CLibssl", apt: "libssl-dev"),
  system("CZlib", apt: "zlib1g-dev"),
  .systemLibrary(name: "CMalloc", path: "Sources/System/CMalloc"),
  .systemLibrary(
    name: "CCarrylessMultiplication", path: "Sources/System/CCarrylessMultiplication"),
  system("CTurboJPEG", apt: "libturbojpeg0-dev"),
  .target(
    name: "CPNG", path: "Sources/System/CPNG", cSettings: cWarnings,
    linkerSettings: [.linkedLibrary("png")]),
]

/// The function.
let functionTargets: [Target] = [
  function("Platform", []),
  function("JSON", []),
  function("OpenSSLSetup", ["CLibcrypto"], settings: [forSize]),
  function("HTTPClient", ["CLibcurl", "CLibssl", "OpenSSLSetup", "Platform"]),
  function("SigV4", ["CLibcrypto", "OpenSSLSetup"]),
  function("AWSClient", ["HTTPClient", "JSON", "Platform", "SigV4"]),
  function(
    "S3",
    [
      "AWSClient", "CCarrylessMultiplication", "CLibcrypto", "CZlib", "HTTPClient", "Platform",
      "SigV4",
    ]),
  function(
    "SageMakerRuntime", ["AWSClient", "HTTPClient", "JSON", "Platform"], settings: [forSize]),
  function("LambdaEvents", ["JSON", "Platform"], settings: [forSize]),
  function("LambdaRuntime", ["CMalloc", "JSON", "Platform"]),
  function(
    "ImageClassification",
    [
      "AWSClient", "CZlib", "HTTPClient", "JSON", "LambdaEvents", "LambdaRuntime", "Platform",
      "S3",
      "SageMakerRuntime", "SigV4",
    ], settings: [forSize]),
  .executableTarget(
    name: "bootstrap", dependencies: ["ImageClassification", "LambdaRuntime"],
    path: "Sources/Function/bootstrap", swiftSettings: [.strictMemorySafety()] + warnings),
]

/// The operator's credentials, which `local-invoke --aws` uses too.
let credentialTargets: [Target] = [
  operations("Credentials", ["AWSClient", "HTTPClient", "JSON", "Platform", "SigV4"])
]

/// AWS emulated on this machine.
let localTargets: [Target] = [
  local("LoopbackServer", []),
  local("RuntimeEmulator", ["JSON", "LoopbackServer"]),
  local("SignatureVerification", ["CLibcrypto", "SigV4"]),
  .target(
    name: "DogBreedModel", dependencies: ["CPNG", "CTurboJPEG"],
    path: "Sources/Local/DogBreedModel",
    exclude: ["README.md", "Tools"],
    resources: [
      .copy("Resources/dog-class-names.txt"),
      .copy("Resources/efficientnet-lite0-dogs.safetensors"),
    ],
    // Without it, a debug build takes 21 s per photograph instead of 60 ms.
    swiftSettings: [.unsafeFlags(["-Ounchecked"], .when(configuration: .debug))] + warnings),
  local(
    "LocalAWS",
    [
      "CLibcrypto", "CLibcurl", "DogBreedModel", "HTTPClient", "JSON", "LoopbackServer", "Platform",
      "SigV4", "SignatureVerification",
    ]),
  .executableTarget(
    name: "local-invoke",
    dependencies: [
      "AWSClient", "bootstrap", "Credentials", "CZlib", "DogBreedModel", "HTTPClient",
      "ImageClassification", "JSON", "LambdaEvents", "LocalAWS", "LoopbackServer", "Platform",
      "RuntimeEmulator", "SigV4",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    path: "Sources/Local/local-invoke",
    resources: [.copy("Serve/Page"), .embedInCode("Model/serve_model.py")], swiftSettings: warnings),
]

/// The operator's tools.
let operationsTargets: [Target] = [
  operations(
    "AWSControl",
    [
      "AWSClient", "Credentials", "HTTPClient", "JSON", "Platform", "S3", "SageMakerRuntime",
      "SigV4",
    ]),
  operations("Report", []),
  operations("Prices", [], resources: [.embedInCode("Resources/prices-us-east-1.json")]),
  operations("Concurrency", ["AWSClient", "AWSControl", "Prices"]),
  operations(
    "Versioning", ["AWSClient", "AWSControl", "Concurrency", "JSON", "Platform", "SigV4"]),
  operations("Archives", ["CZlib"]),
  operations("Endpoints", ["Archives", "AWSClient", "AWSControl", "JSON", "Platform", "Prices"]),
  operations(
    "Training", ["Archives", "AWSClient", "AWSControl", "JSON", "Prices", "Report"],
    resources: [
      .copy("Resources/code"), .copy("Resources/ec2-training.sh"),
      .copy("Resources/metric-definitions.json"),
    ]),
  operations(
    "Evaluation",
    ["AWSControl", "ImageClassification", "JSON", "Prices", "Report", "Training"]),
  operations("FailureQueue", ["AWSClient", "AWSControl", "JSON", "LambdaEvents", "Platform"]),
  // A debug build reads a million results, too (.ci/checks/results.sh).
  .target(
    name: "Results", dependencies: ["Archives", "AWSClient", "AWSControl", "JSON", "Platform"],
    path: "Sources/Operations/Results", swiftSettings: [optimizedInDebug] + warnings),
  operations(
    "Backfill",
    ["Archives", "AWSClient", "AWSControl", "JSON", "Platform", "Prices", "Results", "SigV4"]),
  .target(
    name: "CapacityPlanner", dependencies: ["Archives", "Platform", "Prices", "Report"],
    path: "Sources/Operations/CapacityPlanner",
    swiftSettings: [optimizedInDebug] + warnings),
  .executableTarget(
    name: "inferencectl",
    dependencies: [
      "AWSClient", "AWSControl", "Backfill", "CapacityPlanner", "Concurrency", "Credentials",
      "Endpoints", "Evaluation", "FailureQueue", "JSON", "Platform", "Prices", "Results",
      "Training", "Versioning",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    path: "Sources/Operations/inferencectl", swiftSettings: warnings),
]

/// Programs that measure.
let measuringTargets: [Target] = [
  // In C, so that it takes little of what is measured.
  .target(
    name: "meter", path: "Sources/Measuring/meter", cSettings: cWarnings,
    linkerSettings: [.linkedLibrary("crypto"), .linkedLibrary("ssl")]),
  .executableTarget(
    name: "mock-aws", dependencies: ["meter"], path: "Sources/Measuring/mock-aws",
    cSettings: cWarnings, linkerSettings: [.linkedLibrary("z")]),
  .executableTarget(
    name: "benchmark",
    dependencies: [
      "mock-aws", "JSON", "SigV4", "SignatureVerification",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    path: "Sources/Measuring/benchmark",
    resources: [
      .copy("Resources/python_parts.py"),
      .copy("Resources/s3-event.json"),
      .copy("Resources/tutorial_function.py"),
    ],
    swiftSettings: warnings),
  .executableTarget(
    name: "planner-speed", dependencies: ["CapacityPlanner", "Prices"],
    path: "Sources/Measuring/planner-speed",
    swiftSettings: warnings),
]

/// The tests of the function and of the local services.
let functionTests: [Target] = [
  .target(
    name: "TestSupport", dependencies: ["CLibcrypto", "CLibssl", "LoopbackServer", "SigV4"],
    path: "Tests/TestSupport", swiftSettings: warnings),
  tests("LoopbackServerTests", ["LoopbackServer"]),
  tests("PlatformTests", ["Platform"]),
  tests("JSONTests", ["JSON"]),
  tests("OpenSSLSetupTests", ["CLibcrypto", "CLibssl", "OpenSSLSetup"]),
  tests("HTTPClientTests", ["HTTPClient", "LoopbackServer", "Platform"]),
  tests("SigV4Tests", ["SigV4"], exclude: ["Vectors"]),
  tests("SignatureVerificationTests", ["SigV4", "SignatureVerification"]),
  tests(
    "AWSClientTests",
    [
      "AWSClient", "HTTPClient", "Platform", "S3", "SageMakerRuntime", "SigV4",
      "SignatureVerification",
    ], exclude: ["Fixtures"]),
  tests("S3Tests", ["AWSClient", "HTTPClient", "Platform", "S3", "SigV4"]),
  tests(
    "SageMakerRuntimeTests",
    ["AWSClient", "HTTPClient", "JSON", "Platform", "SageMakerRuntime", "SigV4"]),
  tests("LambdaEventsTests", ["JSON", "LambdaEvents"]),
  tests("LambdaRuntimeTests", ["JSON", "LambdaRuntime", "LoopbackServer", "Platform"]),
  tests(
    "ImageClassificationTests",
    [
      "HTTPClient", "ImageClassification", "JSON", "LambdaEvents", "LambdaRuntime",
      "LoopbackServer", "Platform", "S3", "SigV4", "SignatureVerification",
    ], exclude: ["Fixtures"]),
  tests("RuntimeEmulatorTests", ["HTTPClient", "JSON", "RuntimeEmulator"]),
  tests("LocalAWSTests", ["HTTPClient", "JSON", "LocalAWS", "LoopbackServer", "SigV4"]),
  tests("DogBreedModelTests", ["CTurboJPEG", "CZlib", "DogBreedModel"]),
  tests(
    "OracleTests",
    [
      "bootstrap", "HTTPClient", "JSON", "LocalAWS", "LoopbackServer", "Platform",
      "RuntimeEmulator", "SigV4",
    ], exclude: ["Fixtures"]),
  tests("BootstrapTests", ["bootstrap", "JSON", "LocalAWS", "RuntimeEmulator", "SigV4"]),
  tests("FaultTests", ["bootstrap", "JSON", "LoopbackServer", "Platform", "RuntimeEmulator"]),
  tests(
    "LocalInvokeTests",
    [
      "local-invoke", "JSON", "LambdaEvents", "LocalAWS", "LoopbackServer", "Platform",
      "RuntimeEmulator", "SigV4",
    ]),
]

/// The tests of the operator's tools and of the benchmark.
let otherTests: [Target] = [
  .target(
    name: "OperationsSupport",
    dependencies: [
      "AWSClient", "AWSControl", "Credentials", "JSON", "LoopbackServer", "Platform", "SigV4",
      "TestSupport",
    ],
    path: "Tests/OperationsSupport", exclude: ["scripted-local-invoke.sh"], swiftSettings: warnings),
  tests(
    "BackfillTests",
    [
      "Archives", "AWSClient", "AWSControl", "Backfill", "JSON", "LoopbackServer",
      "OperationsSupport", "Prices", "Results",
    ]),
  tests("CredentialsTests", ["Credentials", "OperationsSupport", "Platform", "SigV4"]),
  tests(
    "FailureQueueTests",
    [
      "AWSControl", "FailureQueue", "JSON", "LambdaEvents", "LoopbackServer", "OperationsSupport",
    ]),
  tests(
    "AWSControlTests",
    [
      "AWSClient", "AWSControl", "Credentials", "HTTPClient", "JSON", "LoopbackServer",
      "OperationsSupport", "Platform", "S3", "SageMakerRuntime", "SigV4",
    ]),
  tests(
    "VersioningTests",
    [
      "AWSClient", "AWSControl", "HTTPClient", "JSON", "OperationsSupport", "Platform",
      "Versioning",
    ]),
  tests(
    "InferencectlTests",
    [
      "inferencectl", "Archives", "AWSControl", "Backfill", "CapacityPlanner", "JSON",
      "LoopbackServer", "OperationsSupport", "Platform", "Prices", "Results", "Training",
      "Versioning",
    ]),
  tests("PricesTests", ["CapacityPlanner", "Prices"]),
  tests(
    "ConcurrencyTests",
    [
      "AWSClient", "AWSControl", "CapacityPlanner", "Concurrency", "JSON", "OperationsSupport",
      "Platform", "Prices",
    ]),
  tests(
    "EndpointsTests",
    [
      "Archives", "AWSClient", "AWSControl", "Endpoints", "JSON", "LoopbackServer",
      "OperationsSupport", "Platform", "Prices",
    ]),
  tests(
    "TrainingTests",
    [
      "Archives", "AWSControl", "JSON", "LoopbackServer", "OperationsSupport", "Prices",
      "Training",
    ]),
  tests(
    "EvaluationTests",
    ["AWSControl", "Evaluation", "JSON", "OperationsSupport", "Prices"]),
  tests("ReportTests", ["Report"]),
  tests(
    "ResultsTests",
    [
      "Archives", "AWSClient", "AWSControl", "ImageClassification", "JSON", "LambdaEvents",
      "OperationsSupport", "Platform", "Results",
    ]),
  tests(
    "CapacityPlannerTests", ["Archives", "CapacityPlanner", "Prices", "Report"], exclude: ["Traces"]
  ),
  tests("BenchmarkTests", ["benchmark"]),
]

// FUNCTION_ALONE builds only the function, the local services, and their tests, in a third of the time; for
// example for the sanitizers (.ci/checks/sanitizers.sh).
let isFunctionAlone = Context.environment["FUNCTION_ALONE"] != nil

let package = Package(
  name: "sagemaker-image-inference",
  products: [
    .executable(name: "bootstrap", targets: ["bootstrap"]),
    .executable(name: "local-invoke", targets: ["local-invoke"]),
  ]
    + (isFunctionAlone
      ? []
      : [
        .executable(name: "benchmark", targets: ["benchmark"]),
        .executable(name: "inferencectl", targets: ["inferencectl"]),
      ]),
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: systemLibraries + functionTargets + credentialTargets + localTargets + functionTests
    + (isFunctionAlone ? [] : operationsTargets + measuringTargets + otherTests),
  swiftLanguageModes: [.v6]
)
