"""Users, keys and a role in moto, and an endpoint; then moto checks each signature and each permission.

usage: moto_setup.py MOTO_URL OPEN_MOTO_URL OBJECTS_URL DESCRIPTION

Writes DESCRIPTION, which Tests/OracleTests reads, and prints an rclone --auth-key for each pair of keys, so that the
same function can also read its image. rclone has a wrong secret for the user `wrongSecret`: a function with
it receives its image and is rejected by moto. Only rclone has `unknown`.
"""

import json
import sys
import urllib.request

import boto3

REGION = "us-east-1"
ENDPOINT = "dog-breeds"
# moto decides per action: its resource-level IAM is for S3 only.
INVOKE = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sagemaker:InvokeEndpoint", "Resource": "*"}],
}
INVOKE_ASYNC = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sagemaker:InvokeEndpointAsync", "Resource": "*"}],
}
NOTHING_USEFUL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sagemaker:DescribeEndpoint", "Resource": "*"}],
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


def main(url, open_url, objects_url, description):
    def client(service, at=url):
        return boto3.client(
            service,
            endpoint_url=at,
            region_name=REGION,
            aws_access_key_id="setup",
            aws_secret_access_key="setup",
        )

    iam, sts, sagemaker = client("iam"), client("sts"), client("sagemaker")

    def user(name, policy):
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="policy", PolicyDocument=json.dumps(policy))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return {"accessKeyID": key["AccessKeyId"], "secretAccessKey": key["SecretAccessKey"]}

    users = {
        "allowed": user("allowed", INVOKE),
        "asynchronous": user("asynchronous", INVOKE_ASYNC),
        "notAllowed": user("not-allowed", NOTHING_USEFUL),
        "wrongSecret": {**user("wrong-secret", INVOKE), "secretAccessKey": "not/the+secret/that/IAM/handed/out/"},
        "unknown": {"accessKeyID": "AKIAUNKNOWNTOMOTO000", "secretAccessKey": "anything"},
    }
    role = iam.create_role(RoleName="function", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName="function", PolicyName="policy", PolicyDocument=json.dumps(INVOKE))
    session = sts.assume_role(RoleArn=role, RoleSessionName="function")["Credentials"]
    users["role"] = {
        "accessKeyID": session["AccessKeyId"],
        "secretAccessKey": session["SecretAccessKey"],
        "sessionToken": session["SessionToken"],
    }

    container = {"Image": "image", "ModelDataUrl": "s3://models/model.tar.gz"}
    sagemaker.create_model(ModelName="model", PrimaryContainer=container, ExecutionRoleArn=role)
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": "model",
        "InitialInstanceCount": 1,
        "InstanceType": "ml.m5.large",
    }
    sagemaker.create_endpoint_config(EndpointConfigName="config", ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName=ENDPOINT, EndpointConfigName="config")

    # For the asynchronous endpoint, whose replies moto keeps in an S3 of its own.
    s3 = client("s3", open_url)
    s3.create_bucket(Bucket="photos")
    s3.put_object(Bucket="photos", Key="dog.jpg", Body=b"\xff\xd8\xff\xe0 not much of a JPEG")

    # From here on every request is checked.
    request = urllib.request.Request(
        f"{url}/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"}
    )
    with urllib.request.urlopen(request) as response:
        assert json.load(response)["status"] == "ok"

    with open(description, "w") as file:
        json.dump(
            {"sageMakerURL": url, "openURL": open_url, "objectsURL": objects_url, "endpoint": ENDPOINT, "users": users},
            file,
            indent=1,
        )
    for keys in users.values():
        print(f"{keys['accessKeyID']},{keys['secretAccessKey']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
