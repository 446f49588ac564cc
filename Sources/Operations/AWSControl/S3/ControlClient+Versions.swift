extension ControlClient {
  /// Whether a bucket has versions, or had them until they were suspended.
  ///
  /// `GET /?versioning` (GetBucketVersioning). Read only.
  /// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html
  /// - Throws: `AWSError`: `NoSuchBucket`, `AccessDenied`; `CredentialError`.
  package func hasVersions(bucket: String) throws -> Bool {
    let response = try bucketRequest(
      "GetBucketVersioning", S3Location(bucket: bucket, key: ""), query: [("versioning", "")],
      needs: "s3:GetBucketVersioning on the bucket")
    return XMLElement(response.body).text("Status") != nil
  }
}
