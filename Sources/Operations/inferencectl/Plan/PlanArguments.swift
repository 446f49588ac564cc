import ArgumentParser
import CapacityPlanner
import Foundation
import Platform

/// `120ms`, `5m`: a duration on the command line.
struct DurationArgument: ExpressibleByArgument {
  let duration: Duration

  init?(argument: String) {
    guard let duration = DurationText.duration(argument) else { return nil }
    self.duration = duration
  }

  init(_ duration: Duration) { self.duration = duration }

  var defaultValueDescription: String {
    DurationText.text(duration).replacingOccurrences(of: " ", with: "")
  }
}

/// `p99=500ms`: what users are promised.
struct ServiceLevelArgument: ExpressibleByArgument {
  let level: ServiceLevel

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, parts[0].first == "p" || parts[0].first == "P",
      let percentile = Double(parts[0].dropFirst()), percentile > 0, percentile <= 100,
      let latency = DurationText.duration(String(parts[1])), latency > .zero
    else { return nil }
    level = ServiceLevel(percentile: percentile / 100, latency: latency)
  }

  init(_ level: ServiceLevel) { self.level = level }

  var defaultValueDescription: String { "p99=500ms" }
}

/// `99.9%`, or a share such as 0.999: how many requests must not be refused.
struct AvailabilityArgument: ExpressibleByArgument {
  let share: Double

  init?(argument: String) {
    let isPercent = argument.hasSuffix("%")
    guard let number = Double(isPercent ? String(argument.dropLast()) : argument) else {
      return nil
    }
    share = isPercent ? number / 100 : number
    guard share > 0, share <= 1 else { return nil }
  }
}

/// `Europe/Berlin`
struct TimeZoneArgument: ExpressibleByArgument {
  let timeZone: TimeZone
  /// As it was typed: the zone `UTC` calls itself `GMT`.
  let name: String

  init?(argument: String) {
    guard let zone = TimeZone(identifier: argument) else { return nil }
    timeZone = zone
    name = argument
  }
}

/// `2-20`
struct PollersArgument: ExpressibleByArgument {
  let range: ClosedRange<Int>

  init?(argument: String) {
    let bounds = argument.split(separator: "-").compactMap { Int($0) }
    guard bounds.count == 2, bounds[0] <= bounds[1] else { return nil }
    range = bounds[0]...bounds[1]
  }
}

/// `128=400ms,arm64:512=90ms`
struct MemoryDurationsArgument: ExpressibleByArgument {
  let entries: [(architecture: FunctionModel.Architecture?, megabytes: Int, duration: Duration)]

  init?(argument: String) {
    var entries: [(architecture: FunctionModel.Architecture?, megabytes: Int, duration: Duration)] =
      []
    for word in argument.split(separator: ",") {
      let parts = word.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let duration = DurationText.duration(String(parts[1])) else {
        return nil
      }
      let key = parts[0].split(separator: ":", maxSplits: 1).map(String.init)
      guard let megabytes = Int(key.last ?? "") else { return nil }
      let architecture = key.count == 2 ? FunctionModel.Architecture(rawValue: key[0]) : nil
      if key.count == 2, architecture == nil { return nil }
      entries.append((architecture, megabytes, duration))
    }
    if entries.isEmpty { return nil }
    self.entries = entries
  }
}

/// `150ms`, or `ml.m5.xlarge=150ms`.
struct ServiceTimeArgument: ExpressibleByArgument {
  let name: String?
  let duration: DurationModelArgument

  init(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    name = parts.count == 2 ? parts[0] : nil
    duration = DurationModelArgument(argument: parts.last ?? argument)
  }
}

/// `120ms`, `exponential:120ms`, or a file of measured durations.
struct DurationModelArgument: ExpressibleByArgument {
  let text: String

  init(argument: String) { text = argument }

  /// Its value; a file is read.
  ///
  /// - Throws: `ValidationError` for what is neither, what the file's reader throws.
  func model() throws -> DurationModel {
    if let duration = DurationText.duration(text) { return .constant(duration) }
    let parts = text.split(separator: ":", maxSplits: 1)
    if parts.count == 2, parts[0] == "exponential",
      let mean = DurationText.duration(String(parts[1]))
    {
      return .exponential(mean: mean)
    }
    guard FileManager.default.fileExists(atPath: text) else {
      throw ValidationError(
        "\(text) is neither a duration with its unit, such as 120ms or exponential:120ms, nor a file."
      )
    }
    return try naming(text) { try DurationModel(contentsOf: URL(fileURLWithPath: text)) }
  }
}

/// An error about a file, printed with the file's name.
struct FileProblem: Error, CustomStringConvertible {
  let description: String
}

/// - Throws: ``FileProblem`` with the name in front of what `body` throws.
func naming<Value>(_ file: String, _ body: () throws -> Value) throws -> Value {
  let name = VisibleText.escaped(file)
  do {
    return try body()
  } catch let error as CocoaError {
    throw FileProblem(description: "\(name): \(Text.reason(error))")
  } catch let error as any CustomStringConvertible & Error {
    throw FileProblem(description: "\(name): \(error.description)")
  } catch {
    throw FileProblem(description: "\(name): \(error.localizedDescription)")
  }
}

extension FunctionModel.Architecture: ExpressibleByArgument {}
extension FunctionModel.Source: ExpressibleByArgument {}

/// How requests find an instance, in the words of the option.
enum RoutingArgument: String, ExpressibleByArgument, CaseIterable {
  case random
  case leastOutstanding = "least-outstanding"

  var routing: EndpointModel.Routing { self == .random ? .random : .leastOutstanding }
}
