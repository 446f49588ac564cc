/// Reads size and format of a container image.
///
/// `POST /`, `AmazonEC2ContainerRegistry_V20150921.DescribeImages`. One image. Read only. Errors:
/// `ImageNotFoundException`, `RepositoryNotFoundException`, `AccessDeniedException` (also for the
/// registries of other accounts).
/// Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
package struct DescribeImages: JSONOperation, ReadOperation {
  package struct Output: ResponseShape {
    /// Empty when there is no such image.
    package let images: [Image]

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      images = try fields.list("imageDetails")
    }
  }

  package struct Image: ResponseShape {
    /// Bytes of the layers as they are stored, compressed.
    package let byteCount: Int?
    /// For example `application/vnd.docker.distribution.manifest.v2+json`.
    package let manifestMediaType: String?

    package init(_ fields: ResponseFields) {
      byteCount = fields.optionalInteger("imageSizeInBytes")
      manifestMediaType = fields.optionalString("imageManifestMediaType")
    }
  }

  package static let service = ControlService.ecr
  package let image: ContainerImage

  package init(image: ContainerImage) { self.image = image }

  package var subject: String { "\(image.repository)\(image.reference.text)" }
  package var input: OperationInput {
    let id: OperationInput =
      switch image.reference {
      case .tag(let tag): ["imageTag": tag]
      case .digest(let digest): ["imageDigest": digest]
      }
    return [
      "registryId": image.accountID, "repositoryName": image.repository, "imageIds": [id],
    ]
  }
}

/// An image in a private repository of Amazon ECR.
package struct ContainerImage: Sendable, Equatable {
  package enum Reference: Sendable, Equatable {
    case tag(String)
    case digest(String)

    /// `:latest`
    var text: String {
      switch self {
      case .tag(let tag): ":\(tag)"
      case .digest(let digest): "@\(digest)"
      }
    }
  }

  /// 12 digits.
  package let accountID: String
  package let region: String
  /// For example `team/pets`.
  package let repository: String
  package let reference: Reference

  /// Reads `ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY[:TAG|@DIGEST]`.
  ///
  /// - Returns: nil for an image in another registry.
  package init?(_ uri: String) {
    guard let slash = uri.firstIndex(of: "/") else { return nil }
    let host = uri[..<slash].split(separator: ".")
    guard host.count >= 6, host[1] == "dkr", host[2] == "ecr" || host[2] == "ecr-fips",
      host[4] == "amazonaws", host[0].utf8.count == 12, host[0].allSatisfy(\.isNumber)
    else { return nil }
    let path = uri[uri.index(after: slash)...]
    let at = path.split(separator: "@", maxSplits: 1)
    let colon = path.split(separator: ":", maxSplits: 1)
    guard let name = at.count == 2 ? at.first : colon.first, !name.isEmpty else { return nil }
    accountID = String(host[0])
    region = String(host[3])
    repository = String(name.split(separator: ":")[0])
    reference =
      at.count == 2
      ? .digest(String(at[1])) : .tag(colon.count == 2 ? String(colon[1]) : "latest")
  }
}
