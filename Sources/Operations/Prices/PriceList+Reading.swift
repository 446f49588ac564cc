import Foundation

extension PriceList {
  /// The built-in prices, compiled in, so that a copied program has them.
  package static func usEast1() throws(PriceError) -> PriceList {
    try PriceList(
      data: Data(PackageResources.prices_us_east_1_json), name: "prices-us-east-1.json")
  }

  /// - Throws: ``PriceError`` that names the file and the member that is missing or wrong.
  package init(contentsOf url: URL) throws(PriceError) {
    let data: Data
    do { data = try Data(contentsOf: url) } catch {
      throw PriceError(message: "\(url.path): \(error.localizedDescription)")
    }
    try self.init(data: data, name: url.path)
  }

  private init(data: Data, name: String) throws(PriceError) {
    do { self = try JSONDecoder().decode(PriceList.self, from: data) } catch {
      throw PriceError(message: "\(name): \(Self.explain(error))")
    }
    if let problem = tierProblem ?? negativePrice {
      throw PriceError(message: "\(name): \(problem)")
    }
  }

  private static func explain(_ error: any Error) -> String {
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(
        separator: ".")
    }
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      let place = path(context)
      return "\(place.isEmpty ? "" : place + ".")\(key.stringValue) is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      return "\(path(context)) has the wrong type"
    default: return "the file is not JSON"
    }
  }

  private var tierProblem: String? {
    for (name, prices) in [("x86_64", lambda.x86_64), ("arm64", lambda.arm64)] {
      let tiers = prices.onDemandPerGBSecond
      let ends = tiers.dropLast().compactMap(\.upToGBSeconds)
      guard let last = tiers.last, last.upToGBSeconds == nil, ends.count == tiers.count - 1,
        zip(ends, ends.dropFirst()).allSatisfy({ $0 < $1 })
      else {
        return "lambda.\(name).onDemandPerGBSecond: tiers must rise, and only the last has no end"
      }
      let all =
        tiers.map(\.price) + [prices.provisionedPerGBSecond, prices.provisionedDurationPerGBSecond]
      if !all.allSatisfy({ $0 >= 0 }) { return "lambda.\(name): a price is negative" }
    }
    return nil
  }

  private var negativePrice: String? {
    let serverless = serverlessHosting.map {
      [$0.perGBSecond, $0.provisionedPerGBSecond, $0.provisionedDurationPerGBSecond, $0.dataPerGB]
    }
    if !(serverless ?? []).allSatisfy({ $0 >= 0 }) {
      return "serverlessHosting has a negative price"
    }
    let storage = storage.map {
      [$0.putPerThousand, $0.getPerThousand, $0.batchPerJob, $0.batchPerMillionTasks, $0.logsPerGB]
    }
    if !(storage ?? []).allSatisfy({ $0 >= 0 }) { return "storage has a negative price" }
    let single = [lambda.ephemeralStoragePerGBSecond ?? 0, lambda.pollerPerHour ?? 0]
    if !single.allSatisfy({ $0 >= 0 }) { return "lambda has a negative price" }
    let members = [
      ("hostingPerHour", hostingPerHour), ("trainingPerHour", trainingPerHour),
      ("notebookPerHour", notebookPerHour), ("ec2PerHour", ec2PerHour),
    ]
    for (member, prices) in members {
      if let wrong = prices.filter({ !($0.value >= 0) }).keys.min() {
        return "\(member).\(wrong) is negative"
      }
    }
    return nil
  }
}
