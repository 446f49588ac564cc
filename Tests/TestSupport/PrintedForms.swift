/// Every text that printing, interpolating, dumping, or reflecting a value can produce, for tests that
/// look for secrets in it.
package func printedForms(of value: some Any) -> [String] {
  var dumped = ""
  dump(value, to: &dumped)
  return [
    String(describing: value), String(reflecting: value), "\(value)", "\([value])",
    "\(Optional.some(value) as Any)", dumped,
  ] + Mirror(reflecting: value).children.map { String(reflecting: $0.value) }
}
