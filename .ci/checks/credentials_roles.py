"""Assumed roles against MiniStack with AUTH=true: what the role may do, and the user himself may not.

usage: credentials_roles.py INFERENCECTL URL
"""

import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile

import boto3

ACCOUNT = "000000000000"


def policy(action, resource="*", **more):
    return json.dumps({"Version": "2012-10-17",
                       "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource, **more}]})


def trust(principal):
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def set_up(url):
    def client(name):
        return boto3.client(name, endpoint_url=url, region_name="us-east-1", aws_access_key_id="test",
                            aws_secret_access_key="rootsecret")

    iam, functions = client("iam"), client("lambda")
    role = iam.create_role(RoleName="function", AssumeRolePolicyDocument=trust({"Service": "lambda.amazonaws.com"}))
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("bootstrap", "#!/bin/sh\n")
    functions.create_function(FunctionName="classify", Runtime="provided.al2023", Handler="bootstrap",
                              Role=role["Role"]["Arn"], Code={"ZipFile": package.getvalue()}, Publish=True)
    operator = iam.create_role(RoleName="operator", AssumeRolePolicyDocument=trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))
    iam.put_role_policy(RoleName="operator", PolicyName="p", PolicyDocument=policy("lambda:*"))
    iam.create_user(UserName="person")
    iam.put_user_policy(UserName="person", PolicyName="p", PolicyDocument=policy("sts:*"))
    key = iam.create_access_key(UserName="person")["AccessKey"]
    return operator["Role"]["Arn"], key


def main(program, url):
    arn, key = set_up(url)
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/config", "w") as file:
            file.write(f"[default]\nregion = us-east-1\n[profile operator]\nregion = us-east-1\nrole_arn = {arn}\n"
                       "source_profile = default\nrole_session_name = deploy\nduration_seconds = 900\n")
        with open(folder + "/credentials", "w") as file:
            file.write(f"[default]\naws_access_key_id = {key['AccessKeyId']}\n"
                       f"aws_secret_access_key = {key['SecretAccessKey']}\n")
        variables = {"AWS_CONFIG_FILE": folder + "/config", "AWS_SHARED_CREDENTIALS_FILE": folder + "/credentials",
                     "AWS_ENDPOINT_URL": url, "PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1"}

        def run(*arguments):
            return subprocess.run([program, *arguments, "--output", "json"], env=variables, capture_output=True, text=True)

        refused = run("versions", "list", "--function-name", "classify")
        assert refused.returncode == 1 and "AccessDenied" in refused.stderr, refused
        listed = run("versions", "list", "--function-name", "classify", "--profile", "operator")
        assert listed.returncode == 0, listed.stderr
        assert [version["version"] for version in json.loads(listed.stdout)] == ["$LATEST", "1"], listed.stdout
        identity = json.loads(run("identity", "--profile", "operator").stdout)
        assert identity["arn"].endswith(":assumed-role/operator/deploy"), identity
        assert identity["source"] == "assume-role" and identity["expiration"], identity
    print("a role of MiniStack's STS lists versions that its user may not")


if __name__ == "__main__":
    main(*sys.argv[1:])
