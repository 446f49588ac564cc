"""The template's role in moto, with InvokeEndpoint and without it; then moto checks each signature and each permission.

usage: deployment_moto.py MOTO_URL DESCRIPTION

moto decides per action only, so the one resource of that statement is widened to "*" here; nothing else is changed.
"""

import json
import sys
import urllib.request

import boto3

from template_model import REQUIRED, as_list, render

url, description = sys.argv[1:]


def post(path, content_type, body):
    request = urllib.request.Request(f"{url}/moto-api/{path}", data=body, headers={"Content-Type": content_type})
    with urllib.request.urlopen(request) as response:
        return response.read()


iam, sts, sagemaker = (
    boto3.client(service, endpoint_url=url, region_name="us-east-1", aws_access_key_id="setup",
                 aws_secret_access_key="setup")
    for service in ("iam", "sts", "sagemaker")
)
template_role = render(REQUIRED)["Resources"]["ClassifyRole"]["Properties"]
(policy,) = template_role["Policies"]
statements = policy["PolicyDocument"]["Statement"]
(invoke,) = [each for each in statements if as_list(each["Action"]) == ["sagemaker:InvokeEndpoint"]]
others = [each for each in statements if each is not invoke]

sessions = {}
for name, kept in (("with", [{**invoke, "Resource": "*"}, *others]), ("without", others)):
    document = {**policy["PolicyDocument"], "Statement": kept}
    role = iam.create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps(template_role["AssumeRolePolicyDocument"]))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName=policy["PolicyName"], PolicyDocument=json.dumps(document))
    keys = sts.assume_role(RoleArn=role, RoleSessionName="function")["Credentials"]
    sessions[name] = {
        "accessKeyID": keys["AccessKeyId"],
        "secretAccessKey": keys["SecretAccessKey"],
        "sessionToken": keys["SessionToken"],
    }

container = {"Image": "image", "ModelDataUrl": "s3://models/model.tar.gz"}
sagemaker.create_model(ModelName="model", PrimaryContainer=container, ExecutionRoleArn=role)
variant = {"VariantName": "AllTraffic", "ModelName": "model", "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
sagemaker.create_endpoint_config(EndpointConfigName="config", ProductionVariants=[variant])
sagemaker.create_endpoint(EndpointName=REQUIRED["EndpointName"], EndpointConfigName="config")
result = {"Body": json.dumps([[-0.5] * 70 + [9.0] + [-0.5] * 62]), "ContentType": "application/json",
          "InvokedProductionVariant": "AllTraffic", "CustomAttributes": "none"}
post("static/sagemaker/endpoint-results", "application/json",
     json.dumps({"region": "us-east-1", "results": [result]}).encode())
# From here on every request is checked.
post("reset-auth", "text/plain", b"0")

with open(description, "w") as file:
    json.dump({"sageMakerURL": url, **sessions}, file, indent=1)
