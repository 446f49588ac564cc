/// A metric: a name in a namespace, narrowed by dimensions.
public struct Metric: Sendable, Equatable {
  /// As `AWS/Lambda`.
  public let namespace: String
  /// As `Errors`.
  public let name: String
  /// As `FunctionName` and `Resource`, at most 30; the order does not matter.
  public let dimensions: [(name: String, value: String)]

  /// A metric; see the properties.
  public init(namespace: String, name: String, dimensions: [(name: String, value: String)]) {
    self.namespace = namespace
    self.name = name
    self.dimensions = dimensions
  }

  var dimensionInput: [OperationInput] {
    dimensions.map { ["Name": $0.name, "Value": $0.value] }
  }

  /// The same name and dimensions.
  public static func == (left: Metric, right: Metric) -> Bool {
    left.namespace == right.namespace && left.name == right.name
      && left.dimensions.elementsEqual(right.dimensions, by: ==)
  }
}

/// A span of time in whole seconds since 1970; the end does not belong to it.
public struct MetricWindow: Sendable, Equatable {
  /// Unix seconds.
  public let start: Int64
  /// Unix seconds.
  public let end: Int64

  /// A span.
  public init(start: Int64, end: Int64) {
    self.start = start
    self.end = end
  }
}
