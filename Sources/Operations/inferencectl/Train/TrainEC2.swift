import ArgumentParser
import AWSControl
import Foundation
import Training

struct TrainEC2: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "ec2",
    abstract: "Write user data for one EC2 machine that trains and shuts down.",
    discussion: """
      The machine downloads code and photographs, trains, uploads the model and shuts down, also after a failure. \
      Nothing is started: the command to start it is printed.

      Example: inferencectl train ec2 --data s3://photos/pets --output-uri s3://models/pets
      """)

  @Option(
    help: ArgumentHelp("Photographs, a folder for each class.", valueName: "s3://bucket/prefix")
  )
  var data: String

  @Option(
    name: .customLong("output-uri"),
    help: ArgumentHelp("Destination of the model.", valueName: "s3://bucket/prefix"))
  var outputURI: String

  @Option(
    name: .customLong("code-uri"),
    help: ArgumentHelp(
      "Folder or .tar.gz with train.py (default: uploaded below --output-uri).", valueName: "uri"))
  var codeURI: String?

  @Option(help: ArgumentHelp("File to write.", valueName: "file"))
  var userData = "user-data.sh"

  @Option(help: ArgumentHelp("Instance type in the printed command.", valueName: "type"))
  var instanceType = "g4dn.xlarge"

  @Option(
    help: ArgumentHelp(
      "Time limit in minutes, 1 to 10080, after which the machine shuts down.", valueName: "minutes"
    ))
  var maxMinutes = 480

  @Option(
    name: .customLong("volume-gb"),
    help: ArgumentHelp(
      "Disk size in GB in the printed command, 100 to 16384 (default: the image's).",
      valueName: "gb"))
  var volumeGigabytes: Int?

  @Option(help: ArgumentHelp("Python interpreter with torch on that machine.", valueName: "path"))
  var python: String?

  @Option(help: ArgumentHelp("KMS key of the code in S3.", valueName: "key"))
  var kmsKey: String?

  @OptionGroup var network: NetworkOptions
  @OptionGroup var step: StepOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    for (name, uri) in [("--data", data), ("--output-uri", outputURI)]
      + (codeURI.map { [("--code-uri", $0)] } ?? [])
    where S3Location(uri) == nil && !uri.hasPrefix("/") {
      throw ValidationError(
        "\(name) must be s3://bucket/prefix or an absolute path on that machine, not \(uri).")
    }
    if let output = S3Location(outputURI) {
      try refuseOutput(output, inside: [("--data", S3Location(data))])
    }
    guard codeURI != nil || S3Location(outputURI) != nil else {
      throw ValidationError("Use --code-uri, because --output-uri is not in S3.")
    }
    if let volumeGigabytes, !(100...16_384).contains(volumeGigabytes) {
      throw ValidationError("--volume-gb must be 100 to 16384: the image itself needs most of 100.")
    }
    guard (1...10_080).contains(maxMinutes) else {
      throw ValidationError("--max-minutes must be 1 to 10080 (a week).")
    }
  }

  func run(in session: Session) throws {
    if let location = S3Location(data) {
      let photographs = try PhotographListing.inS3(location, with: session.client())
      session.note(photographs.lines.joined(separator: "\n"))
    }
    var machine = MachineUserData(
      code: try codeURI ?? uploadedCode(in: session), data: data, output: outputURI,
      hyperparameters: step.apply(to: network.hyperparameters))
    machine.maximumMinutes = maxMinutes
    machine.python = python
    let script = try machine.script()
    if !shared.dryRun { try OutputFile.write(script, to: userData) }
    session.done(
      "Wrote \(userData). Start the machine with:\n\n\(launch)", planned: script,
      json: ["userDataFile": userData, "userData": script])
  }

  private func uploadedCode(in session: Session) throws -> String {
    guard let output = S3Location(outputURI) else {
      throw ValidationError("--code-uri is missing.")
    }
    var settings = JobSettings(data: output, output: output, roleARN: "")
    settings.kmsKeyID = kmsKey
    return String(describing: try settings.uploadCode(for: .machine, with: session.client()))
  }

  /// Upper-case words are for the user to replace.
  private var launch: String {
    """
      aws ec2 run-instances --instance-type \(instanceType) \\
        --image-id resolve:ssm:\(image) \\
        --iam-instance-profile Name=PROFILE --user-data \(ShellText.quoted("file://\(userData)")) \\
        --instance-initiated-shutdown-behavior terminate \\
        --metadata-options HttpTokens=required,HttpPutResponseHopLimit=1 \\
        --block-device-mappings 'DeviceName=/dev/sda1,Ebs={\(volumeSize)VolumeType=gp3,Encrypted=true,DeleteOnTermination=true}' \\
        --tag-specifications 'ResourceType=instance,Tags=[{Key=Name,Value=training}]'

    PROFILE needs s3:ListBucket and s3:GetObject on code, data and output, and s3:PutObject and s3:DeleteObject on \
    \(outputURI). The image is AWS's Deep Learning AMI with PyTorch, which has torch\(processor == .nvidia ? " and the GPU driver" : ""). To see \
    the progress: `aws ec2 get-console-output`, or \(outputURI)/training.log at the end.\(remark)
    """
  }

  private var processor: InstanceProcessor { InstanceProcessor(instanceType: instanceType) }

  /// The newest Deep Learning AMI of PyTorch, which has its own parameter for Arm.
  /// Source: https://docs.aws.amazon.com/dlami/latest/devguide/find-dlami-id.html
  private var image: String {
    let isArm = [.graviton, .gravitonWithNVIDIA].contains(processor)
    return "/aws/service/deeplearning/ami/\(isArm ? "arm64" : "x86_64")/"
      + "oss-nvidia-driver-gpu-pytorch-2.12-ubuntu-24.04/latest/ami-id"
  }

  private var volumeSize: String { volumeGigabytes.map { "VolumeSize=\($0)," } ?? "" }

  private var remark: String {
    let memory = Self.smallMemory[instanceType]
    return memory.map {
      "\n\n\(instanceType) has \($0) GB of memory, in which torch and a network of \(network.architecture.rawValue) do not "
        + "fit without swapping: use t3.large (8 GB) or larger, or --architecture efficientnet_lite0 --freeze-backbone "
        + "with --batch-size 8 on 2 GB."
    } ?? ""
  }

  private static let smallMemory = [
    "t2.nano": "0.5", "t2.micro": "1", "t2.small": "2", "t3.nano": "0.5", "t3.micro": "1",
    "t3.small": "2", "t3a.nano": "0.5", "t3a.micro": "1", "t3a.small": "2", "t4g.nano": "0.5",
    "t4g.micro": "1", "t4g.small": "2",
  ]
}
