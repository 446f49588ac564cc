/// Endpoints from options, variables, and the profile, in botocore's order.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
struct EndpointSettings {
  private static let all = "AWS_ENDPOINT_URL"
  private static let ofService = "AWS_ENDPOINT_URL_"

  let profile: Profile
  let files: SharedConfiguration

  /// The variables with those endpoints that apply, so that later readers need only look there.
  func resolved(_ variables: [String: String], option: String?) -> [String: String] {
    var values = variables
    if option != nil || ignoresConfigured(variables) {
      values = values.filter { $0.key != Self.all && !$0.key.hasPrefix(Self.ofService) }
      values[Self.all] = option
      return values
    }
    // A variable for all services comes before everything in the profile.
    guard values[Self.all, default: ""].isEmpty else { return values }
    let services = profile["services"].map(files.endpointURLs) ?? [:]
    for (service, url) in services {
      let name = Self.ofService + String(service.uppercased().map { $0 == "-" ? "_" : $0 })
      if values[name, default: ""].isEmpty { values[name] = url }
    }
    values[Self.all] = profile["endpoint_url"] ?? values[Self.all]
    return values
  }

  private func ignoresConfigured(_ variables: [String: String]) -> Bool {
    let value =
      variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] ?? profile["ignore_configured_endpoint_urls"]
    return value?.lowercased() == "true"
  }
}
