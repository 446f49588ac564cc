/// What to do about `ResourceLimitExceeded`, whose message names the quota: `The account-level
/// service limit 'ml.g4dn.xlarge for training job usage' is 0 Instances, with current utilization
/// of 0 Instances and a request delta of 1 Instances. …`
enum QuotaAdvice {
  static func text(for detail: String) -> String {
    guard let name = quotaName(in: detail) else {
      return "Request a higher quota in the console: Service Quotas, Amazon SageMaker"
    }
    return
      "Request a higher quota \"\(name)\" in Service Quotas, Amazon SageMaker "
      + "(`aws service-quotas list-service-quotas --service-code sagemaker --query "
      + "\"Quotas[?QuotaName=='\(name)']\"` prints its code and value), or use another instance type. "
      + "A new account has 0 of most GPU types, and spot instances have a separate quota"
  }

  /// The quoted text that follows `limit`.
  private static func quotaName(in detail: String) -> String? {
    let parts = detail.split(separator: "'", omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[0].hasSuffix("limit "), !parts[1].isEmpty else { return nil }
    return String(parts[1])
  }
}
