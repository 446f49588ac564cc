import AWSControl
import Foundation
import Training

/// Runs Python on this machine, for `train local` and `tune local`.
struct LocalRun {
  let options: LocalOptions
  let session: Session

  /// Understands the photographs before anything is installed, and prints what was understood.
  ///
  /// - Parameter moreArguments: those for train.py, which may set the parts to hold out.
  @discardableResult
  func photographs(moreArguments: [String] = []) throws -> PhotographLayout {
    let layout = try PhotographListing.inFolder(
      options.data, output: options.outputDir, fractions: try fractions(moreArguments))
    session.note(layout.lines.joined(separator: "\n"))
    return layout
  }

  private func fractions(_ arguments: [String]) throws -> PhotographLayout.Fractions {
    var fractions = PhotographLayout.Fractions()
    for (name, path) in [
      ("--validation-fraction", \PhotographLayout.Fractions.validation),
      ("--test-fraction", \PhotographLayout.Fractions.test),
    ] {
      guard let index = arguments.lastIndex(where: { $0 == name || $0.hasPrefix("\(name)=") })
      else { continue }
      let text =
        arguments[index] == name
        ? (index + 1 < arguments.count ? arguments[index + 1] : "")
        : String(arguments[index].dropFirst(name.count + 1))
      guard let value = Double(text), (0...0.5).contains(value) else {
        throw Refusal("\(name) must be a number from 0 to 0.5, not \(text)")
      }
      fractions[keyPath: path] = value
    }
    return fractions
  }

  /// Absolute, so that the report names the photographs independently of the folder it is read in.
  var absoluteData: String { URL(fileURLWithPath: options.data).path }

  /// What a run writes: model, archive, and two checkpoints with the optimizer's state.
  static func megabytes(_ values: Hyperparameters) -> Int {
    let model =
      switch values.architecture {
      case .resnet50: 100
      case .resnet18: 46
      case .efficientnetLite0: 18
      }
    return values.freezesBackbone ? 3 * model : 6 * model
  }

  /// Refuses an output folder that cannot be written, before the epochs.
  ///
  /// - Parameters:
  ///   - megabytes: what the run writes at least.
  ///   - files: further files to write.
  func requireOutput(megabytes: Int, files: [String] = []) throws {
    let manager = FileManager.default
    for file in files { try OutputFile.requireFolder(of: file) }
    for path in [options.outputDir, "\(options.outputDir)/model"] {
      var isFolder: ObjCBool = false
      if manager.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
        throw Refusal("\(path) is a file, not a folder", advice: "Use another --output-dir")
      }
    }
    guard !session.shared.dryRun else { return }
    do {
      try manager.createDirectory(atPath: options.outputDir, withIntermediateDirectories: true)
    } catch {
      throw Refusal("\(options.outputDir) cannot be created: \(error.localizedDescription)")
    }
    guard access(options.outputDir, W_OK) == 0 else {
      throw Refusal("\(options.outputDir) is not writable", advice: "Use another --output-dir")
    }
    var disk = statvfs()
    guard statvfs(options.outputDir, &disk) == 0 else { return }
    let free = Int(disk.f_bavail) * Int(disk.f_frsize) / 1_000_000
    guard free >= megabytes else {
      throw Refusal(
        "The disk of \(options.outputDir) has \(free) MB left; the run writes about \(megabytes) MB",
        advice: "Free some, or use another --output-dir")
    }
  }

  /// An interpreter with the packages of train.py.
  ///
  /// - Throws: `Refusal` when it cannot be created, or the download is not agreed to.
  func python(for network: Hyperparameters) throws -> String {
    session.armInterruption()
    if let python = options.python {
      if session.shared.dryRun { return python }
      let found = PythonProbe.run(python, environment: session.environment)
      guard let problem = found.problem else { return python }
      throw Refusal("\(python) cannot train: \(problem)", advice: "Leave out --python")
    }
    let local = LocalPython(
      environment: options.environment, torchIndex: options.torchIndex,
      hasGPU: LocalPython.machineHasGPU, variables: session.environment)
    var (plan, remarks) = try self.plan(local, network)
    // An interpreter that is ready needs no lock: several commands may train with it.
    if plan.commands.isEmpty { return plan.interpreter }
    let lock =
      session.shared.dryRun
      ? nil
      : try OwnedLock(
        local.environment.path + ".lock", of: "The virtual environment \(local.environment.path)")
    defer { withExtendedLifetime(lock) {} }
    // Another command may have prepared it meanwhile.
    if FileManager.default.isExecutableFile(atPath: local.interpreter) {
      (plan, remarks) = try self.plan(local, network)
    }
    if !plan.download.isEmpty {
      session.note((["No Python of this machine can train:"] + remarks).joined(separator: "\n  "))
      try session.agree(
        to: "This downloads \(plan.download)",
        otherwise: "Or install the distribution's packages, for example "
          + "apt install python3-torch python3-torchvision")
    }
    for command in plan.commands { try prepare(command, local) }
    return plan.interpreter
  }

  /// Tries the interpreters of this machine.
  private func plan(
    _ local: LocalPython, _ network: Hyperparameters
  ) throws -> (plan: LocalPython.Plan, remarks: [String]) {
    var remarks: [String] = []
    let plan = try local.plan(
      candidates: PythonProbe.candidates(variables: session.environment),
      needsWeights: network.architecture == .efficientnetLite0 && network.weights == nil,
      probe: { PythonProbe.run($0, environment: session.environment) },
      onFound: { remarks.append($0) })
    try requireNoInterruption()
    return (plan, remarks)
  }

  private func prepare(_ command: LocalPython.Command, _ local: LocalPython) throws {
    if session.shared.dryRun { return session.output.add(command: command.text) }
    session.note("$ \(command.text)")
    let status = try run(command)
    try requireNoInterruption()
    guard status == 0 else {
      throw Refusal(
        "The virtual environment \(local.environment.path) could not be created",
        advice:
          "See the lines above, or use --python with an interpreter that has torch, torchvision, "
          + "numpy and Pillow")
    }
  }

  /// - Throws: `Refusal` after Ctrl-C or SIGTERM; what was started has ended.
  func requireNoInterruption() throws {
    guard session.isInterrupted else { return }
    throw Refusal(
      "Interrupted", advice: "To resume from the last finished epoch, run the same command again")
  }

  /// The variables of a program.
  ///
  /// - Parameter threads: of torch; nil is one for each core.
  func environment(threads: Int? = nil) -> [String: String] {
    var environment = session.environment
    environment["PYTHONUNBUFFERED"] = "1"
    if let threads { environment["OMP_NUM_THREADS"] = String(threads) }
    return environment
  }

  /// Runs a program; Ctrl-C and SIGTERM are passed on to it, and nothing of it is left.
  func run(_ command: LocalPython.Command) throws -> Int32 {
    session.armInterruption()
    return try ChildProcess.run(
      command, environment: environment(), interruption: { session.interruptionSignal },
      sleep: session.clock.sleep)
  }
}
