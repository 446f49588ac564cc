"""Asks botocore and inferencectl for credentials in the same situations, and compares.

usage: credentials.py INFERENCECTL

Equal have to be the access key, the kind of place, the end, the session token (by its length), and for roles what STS
was asked, by whom. Where botocore refuses, inferencectl has to refuse with the words of the case. No output may hold a
secret. PyPI has no AWS CLI of version 2, so what it does in `aws configure export-credentials` is done here with botocore,
as it does there.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile

PROCESS = '''import json, sys
words = sys.argv[1:]
if "--fail" in words:
    sys.exit("first line\\nsorry")
answer = {"Version": 2 if "--version-2" in words else 1, "AccessKeyId": "AKIA" + "".join(words).replace(" ", "").replace("-", ""),
          "SecretAccessKey": "SECRETVALUE"}
if "--expires" in words:
    answer |= {"SessionToken": "SECRETVALUE-p", "Expiration": "2097-01-01T00:00:00Z"}
print(json.dumps(answer))
'''
AWS = """#!{python}
import json, sys
import botocore.session
assert sys.argv[1:4] + sys.argv[5:] == ["configure", "export-credentials", "--profile", "--format", "process"], sys.argv
keys = botocore.session.Session(profile=sys.argv[4]).get_credentials()
frozen = keys.get_frozen_credentials()
print(json.dumps({"Version": 1, "AccessKeyId": frozen.access_key, "SecretAccessKey": frozen.secret_key,
                  "SessionToken": frozen.token, "Expiration": keys._expiry_time.isoformat()}))
"""
PLACES = {
    "env": "environment", "assume-role": "assume-role", "assume-role-with-web-identity": "web-identity", "sso": "sso",
    "shared-credentials-file": "credentials-file", "custom-process": "process", "config-file": "config-file",
    "container-role": "container", "iam-role": "instance-metadata",
}


def prepare(folder):
    """Files that do not depend on the case; the AWS CLI's tokens are in the home folder."""
    cache = os.path.join(folder, ".aws", "sso", "cache")
    os.makedirs(cache)
    for name in ("s", "https://start"):
        token = {"startUrl": "https://start", "region": "us-east-1", "accessToken": "sso-token",
                 "expiresAt": "2099-01-01T00:00:00Z"}
        with open(os.path.join(cache, hashlib.sha1(name.encode()).hexdigest() + ".json"), "w") as file:
            json.dump(token, file)
    for name, text in (("token", "web-token"), ("basic", "Basic abc"), ("process.py", PROCESS)):
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
    os.mkdir(os.path.join(folder, "bin"))
    with open(os.path.join(folder, "bin", "aws"), "w", opener=lambda path, flags: os.open(path, flags, 0o755)) as file:
        file.write(AWS.replace("{python}", sys.executable))


def situation(case, folder, url):
    """The variables of a case, its files written."""
    def filled(text):
        return text.replace("{url}", url).replace("{folder}", folder).replace("{python}", sys.executable)

    for name in ("config", "credentials"):
        with open(os.path.join(folder, name), "w") as file:
            file.write(filled(getattr(case, name)))
    given = {
        "PATH": folder + "/bin:/usr/bin:/bin", "HOME": folder, "AWS_CONFIG_FILE": folder + "/config",
        "AWS_SHARED_CREDENTIALS_FILE": folder + "/credentials", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL_STS": url, "AWS_ENDPOINT_URL_SSO": url, "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1", "PYTHONDONTWRITEBYTECODE": "1",
    }
    return given | {name: filled(value) for name, value in case.variables.items()}


def botocores(case):
    import botocore.session

    try:
        session = botocore.session.Session(profile=case.profile)
        credentials = session.get_credentials()
        if credentials is None:
            return None
        frozen = credentials.get_frozen_credentials()
        end = getattr(credentials, "_expiry_time", None)
        return {"accessKeyId": frozen.access_key, "source": PLACES[credentials.method],
                "expiration": end and end.strftime("%Y-%m-%dT%H:%M:%SZ"), "token": len(frozen.token or "")}
    except Exception:
        return None


def ours(program, case, variables):
    profile = ["--profile", case.profile] if case.profile else []
    run = subprocess.run([program, "identity", "--output", "json", *profile], env=variables, capture_output=True, text=True,
                         stdin=subprocess.DEVNULL, timeout=60)
    if run.returncode:
        return None, run
    answer = json.loads(run.stdout)
    token = int(answer["arn"].rpartition("/")[2])
    names = ("accessKeyId", "source")
    return {**{name: answer[name] for name in names}, "expiration": answer.get("expiration"), "token": token}, run


def reason(run):
    """Why it refused: with --output json the last line of standard error is JSON."""
    error = json.loads(run.stderr.splitlines()[-1])["error"]
    return f"{error['message']}. {error.get('advice', '')}"


def asked(server):
    """What STS was asked since the last time, without names that hold the time."""
    requests, server.requests[:] = list(server.requests), []
    return [{name: value for name, value in request.items()
             if name != "RoleSessionName" or not value.startswith(("botocore-session-", "inferencectl-"))}
            for request in requests]


def problems(program, case, variables, server):
    os.environ.clear()
    os.environ.update(variables)
    theirs = None if case.only_ours else botocores(case)
    their_requests = asked(server)
    mine, run = ours(program, case, variables)
    my_requests = asked(server)
    if not case.only_ours and mine != theirs:
        yield f"ours {mine}, botocore's {theirs}\n    {run.stderr.strip()}"
    if not case.only_ours and my_requests != their_requests:
        yield f"STS was asked {my_requests}, by botocore {their_requests}"
    if (mine is None) != (case.refusal is not None):
        yield f"answer {mine}, refusal expected: {case.refusal}\n    {run.stderr.strip()}"
    if case.refusal and (case.refusal not in reason(run) or run.returncode != 1):
        yield f"status {run.returncode}, no {case.refusal!r} in: {run.stderr.strip()}"
    for output in (run.stdout, run.stderr):
        if "SECRETVALUE" in output or "web-token" in output or "sso-token" in output:
            yield "a secret is shown"


def regions(program, folder, url):
    """Where the region is found; botocore itself does not know AWS_REGION, and asks no instance."""
    from credentials_cases import Case, INSTANCE, keys

    text = f"[default]\nregion = from-profile\n{keys('CONFIG')}"
    table = [
        (Case("", text, variables={"AWS_REGION": "from-region", "AWS_DEFAULT_REGION": "from-default"}), "from-region", "AWS_REGION"),
        (Case("", text, variables={"AWS_DEFAULT_REGION": "from-default"}), "from-default", "AWS_DEFAULT_REGION"),
        (Case("", text), "from-profile", f'profile "default" ({folder}/config line 2)'),
        (Case("", variables=INSTANCE), "eu-north-1", "this EC2 instance"),
    ]
    for case, region, origin in table:
        variables = situation(case, folder, url)
        if "AWS_DEFAULT_REGION" not in case.variables:
            del variables["AWS_DEFAULT_REGION"]
        run = subprocess.run([program, "identity", "--output", "json"], env=variables, capture_output=True, text=True)
        answer = json.loads(run.stdout or "{}")
        if (answer.get("region"), answer.get("regionOrigin")) != (region, origin):
            yield f"region {region} by {origin}: {answer} {run.stderr}"


def endpoints(program, folder, url):
    """Where each service is reached: botocore's clients and inferencectl have to agree, variable by variable."""
    import botocore.session
    from botocore.utils import hyphenize_service_id
    from credentials_cases import Case, keys

    services = ("application-autoscaling", "cloudwatch", "lambda", "logs", "sagemaker", "sqs")
    loader = botocore.session.Session()
    ids = {name: hyphenize_service_id(loader.get_service_model(name).service_id) for name in services}
    variables = {f"AWS_ENDPOINT_URL_{ids[name].upper().replace('-', '_')}": f"http://variable-{name}" for name in services}
    section = "".join(f"{ids[name].replace('-', '_')} =\n  endpoint_url = http://section-{name}\n" for name in services)
    profile = f"[default]\nservices = mine\nendpoint_url = http://profile\n{keys('CONFIG')}\n[services mine]\n"
    half = section[: section.index("lambda")]
    table = [
        ("AWS's own", "[default]\n" + keys("CONFIG"), {}), ("each variable", "[default]\n" + keys("CONFIG"), variables),
        ("a variable for all", "[default]\n" + keys("CONFIG"), {"AWS_ENDPOINT_URL": "http://all"}),
        ("both", profile + section, {"AWS_ENDPOINT_URL": "http://all", "AWS_ENDPOINT_URL_LAMBDA": "http://one"}),
        ("the profile's services", profile + section, {}), ("some of its services", profile + half, {}),
        ("a variable above them", profile + section, {"AWS_ENDPOINT_URL_SQS": "http://one"}),
    ]
    for name, config, given in table:
        case = Case("", config, variables=given)
        settings = situation(case, folder, url)
        os.environ.clear()
        os.environ.update(settings)
        session = botocore.session.Session()
        theirs = {service: session.create_client(service).meta.endpoint_url for service in services}
        run = subprocess.run([program, "identity", "--output", "json"], env=settings, capture_output=True, text=True)
        found = json.loads(run.stdout or "{}").get("endpoints", {})
        mine = {service: found.get(service) for service in services}
        if mine != theirs:
            yield f"endpoints by {name}: {mine}, botocore's {theirs} {run.stderr}"


def main(program):
    program = os.path.realpath(program)
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        # Botocore takes the home folder when it is loaded.
        os.environ["HOME"] = folder
        import credentials_cases
        import credentials_servers

        server, url = credentials_servers.start()
        failed = 0
        for case in credentials_cases.ALL:
            for problem in problems(program, case, situation(case, folder, url), server):
                failed += 1
                print(f"{case.name}: {problem}")
        for problem in [*regions(program, folder, url), *endpoints(program, folder, url)]:
            failed += 1
            print(problem)
        if failed:
            sys.exit(f"{failed} differences")
        import botocore

        judged = sum(not case.only_ours for case in credentials_cases.ALL)
        print(f"{judged} situations as botocore {botocore.__version__} has them, {len(credentials_cases.ALL) - judged} of our own, "
              "4 ways to a region, 7 to the endpoints of 6 services")


if __name__ == "__main__":
    main(sys.argv[1])
