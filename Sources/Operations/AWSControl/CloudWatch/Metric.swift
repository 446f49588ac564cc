/// A metric: a name in a namespace, narrowed by dimensions.
package struct Metric: Sendable, Equatable {
  /// For example `AWS/Lambda`.
  package let namespace: String
  /// For example `Errors`.
  package let name: String
  /// For example `FunctionName` and `Resource`, at most 30; the order does not matter.
  package let dimensions: [(name: String, value: String)]

  package init(namespace: String, name: String, dimensions: [(name: String, value: String)]) {
    self.namespace = namespace
    self.name = name
    self.dimensions = dimensions
  }

  var dimensionInput: [OperationInput] {
    dimensions.map { ["Name": $0.name, "Value": $0.value] }
  }

  /// The same name and dimensions.
  package static func == (left: Metric, right: Metric) -> Bool {
    left.namespace == right.namespace && left.name == right.name
      && left.dimensions.elementsEqual(right.dimensions, by: ==)
  }
}

/// A span of time in whole seconds since 1970; the end does not belong to it.
package struct MetricWindow: Sendable, Equatable {
  /// Unix seconds.
  package let start: Int64
  /// Unix seconds.
  package let end: Int64

  package init(start: Int64, end: Int64) {
    self.start = start
    self.end = end
  }
}
