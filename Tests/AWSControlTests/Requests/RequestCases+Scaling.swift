import AWSControl
import JSON

extension RequestCases {
  private static let alias = ScalableResource.provisionedConcurrency(
    functionName: odd, qualifier: "live")
  static let variant = ScalableResource.variantInstances(
    endpointName: "dogs", variant: "All")

  /// The three members that name a resource, and others.
  static func about(
    _ resource: ScalableResource, _ members: KeyValuePairs<String, JSONValue> = [:]
  ) -> JSONValue {
    var object: JSONObject = [
      "ServiceNamespace": .string(resource.namespace), "ResourceId": .string(resource.resourceID),
      "ScalableDimension": .string(resource.dimension),
    ]
    for (key, value) in members { object.set(key, to: value) }
    return .object(object)
  }

  private static func listing(
    _ resource: ScalableResource, _ token: String? = nil
  ) -> JSONValue {
    var object: JSONObject = [
      "ServiceNamespace": .string(resource.namespace),
      "ResourceIds": [.string(resource.resourceID)],
      "ScalableDimension": .string(resource.dimension),
    ]
    if let token { object.set("NextToken", to: .string(token)) }
    return .object(object)
  }

  static let autoScaling: [RequestCase] = [
    RequestCase(
      RegisterScalableTarget(resource: alias, minimumCapacity: 1, maximumCapacity: 4),
      about(alias, ["MinCapacity": 1, "MaxCapacity": 4])),
    RequestCase(
      RegisterScalableTarget(resource: alias, maximumCapacity: 8),
      about(alias, ["MaxCapacity": 8])),
    RequestCase(
      RegisterScalableTarget(resource: variant, suspended: ["ScheduledScalingSuspended": true]),
      about(variant, ["SuspendedState": ["ScheduledScalingSuspended": true]])),
    RequestCase(DescribeScalableTargets(resource: alias), listing(alias)),
    RequestCase(paged(DescribeScalableTargets(resource: variant), odd), listing(variant, odd)),
    RequestCase(
      DescribeScalableTargets(
        resource: alias,
        otherResources: [.provisionedConcurrency(functionName: odd, qualifier: "8")]),
      [
        "ServiceNamespace": "lambda",
        "ResourceIds": [.string(alias.resourceID), .string("function:\(odd):8")],
        "ScalableDimension": "lambda:function:ProvisionedConcurrency",
      ]),
    RequestCase(DeregisterScalableTarget(resource: variant), about(variant)),
    RequestCase(
      PutScalingPolicy(
        resource: variant, policyName: odd,
        targetTracking: TargetTracking(
          metric: .predefined("SageMakerVariantInvocationsPerInstance"), target: 70.5,
          scaleInCooldownSeconds: 300, scaleOutCooldownSeconds: 60, disablesScaleIn: false)),
      about(
        variant,
        [
          "PolicyName": .string(odd), "PolicyType": "TargetTrackingScaling",
          "TargetTrackingScalingPolicyConfiguration": [
            "TargetValue": 70.5,
            "PredefinedMetricSpecification": [
              "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
            ],
            "ScaleOutCooldown": 60, "ScaleInCooldown": 300, "DisableScaleIn": false,
          ],
        ])),
    RequestCase(DescribeScalingPolicies(resource: alias), about(alias)),
    RequestCase(
      DeleteScalingPolicy(resource: alias, policyName: "p"), about(alias, ["PolicyName": "p"])),
    RequestCase(
      PutScheduledAction(
        resource: alias, actionName: "evening", schedule: "cron(0 18 * * ? *)",
        timezone: "Europe/Berlin", minimumCapacity: 0, maximumCapacity: 1),
      about(
        alias,
        [
          "ScheduledActionName": "evening", "Schedule": "cron(0 18 * * ? *)",
          "Timezone": "Europe/Berlin",
          "ScalableTargetAction": ["MinCapacity": 0, "MaxCapacity": 1],
        ])),
    RequestCase(DescribeScheduledActions(resource: alias), about(alias)),
    RequestCase(
      DeleteScheduledAction(resource: alias, actionName: "evening"),
      about(alias, ["ScheduledActionName": "evening"])),
    RequestCase(DescribeScalingActivities(resource: variant), about(variant)),
    RequestCase(
      DescribeScalingActivities(resource: variant, maximumResults: 5, includesNotScaled: true),
      about(variant, ["MaxResults": 5, "IncludeNotScaledActivities": true])),
  ]

  static let sageMaker: [RequestCase] = [
    RequestCase(DescribeEndpoint(endpointName: odd), ["EndpointName": .string(odd)]),
    RequestCase(DescribeEndpointConfig(endpointConfigName: "c"), ["EndpointConfigName": "c"]),
    RequestCase(
      UpdateEndpointWeightsAndCapacities(
        endpointName: "dogs",
        changes: [.init(variant: "A", weight: 0.5), .init(variant: "B", instanceCount: 2)]),
      [
        "EndpointName": "dogs",
        "DesiredWeightsAndCapacities": [
          ["VariantName": "A", "DesiredWeight": 0.5],
          ["VariantName": "B", "DesiredInstanceCount": 2],
        ],
      ]),
  ]
}
