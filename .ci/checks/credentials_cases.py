"""Variables, files and options, each a way in which people give credentials to AWS tools.

In the texts, {url} is the server of credentials_servers.py and {folder} the folder of the files.
"""

from dataclasses import dataclass, field

SECRET = "SECRETVALUE"
ROLE = "role_arn = arn:aws:iam::123456789012:role/"


@dataclass
class Case:
    name: str
    config: str = ""
    credentials: str = ""
    variables: dict = field(default_factory=dict)
    profile: str | None = None
    # Words of the refusal, where both refuse.
    refusal: str | None = None
    # Not compared with botocore, which would wait at a terminal, or requires a service that is not available here.
    only_ours: bool = False


def keys(name, token=""):
    lines = f"aws_access_key_id = AKIA{name}\naws_secret_access_key = {SECRET}\n"
    return lines + (f"aws_session_token = {SECRET}-{token}\n" if token else "")


def variables(name, **more):
    return {"AWS_ACCESS_KEY_ID": f"AKIA{name}", "AWS_SECRET_ACCESS_KEY": SECRET, **more}


CONTAINER = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{url}/container"}
INSTANCE = {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "{url}/"}
WEB = {"AWS_WEB_IDENTITY_TOKEN_FILE": "{folder}/token", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/web"}
SSO_SESSION = ("[profile p]\nsso_session = s\nsso_account_id = 123456789012\nsso_role_name = r\n"
               "[sso-session s]\nsso_start_url = https://start\nsso_region = us-east-1\n")
SSO_LEGACY = ("[profile p]\nsso_start_url = https://start\nsso_region = us-east-1\n"
              "sso_account_id = 123456789012\nsso_role_name = r\n")
SOURCE = f"[profile source]\n{keys('SOURCE')}"
PROCESS = "credential_process = {python} {folder}/process.py "

KEYS = [
    Case("variables", variables=variables("ENV")),
    Case("variables with a token", variables=variables("ENV", AWS_SESSION_TOKEN=f"{SECRET}-t")),
    Case("variables with the token's old name", variables=variables("ENV", AWS_SECURITY_TOKEN=f"{SECRET}-old")),
    Case("variables with an end", variables=variables(
        "ENV", AWS_SESSION_TOKEN=f"{SECRET}-t", AWS_CREDENTIAL_EXPIRATION="2098-01-01T00:00:00Z")),
    Case("id without a secret", variables={"AWS_ACCESS_KEY_ID": "AKIAENV"}, refusal="AWS_SECRET_ACCESS_KEY"),
    Case("empty id is none", credentials=f"[default]\n{keys('FILE')}", variables={"AWS_ACCESS_KEY_ID": ""}),
    Case("credentials file", credentials=f"[default]\n{keys('FILE', 'token')}"),
    Case("config file", config=f"[default]\n{keys('CONFIG')}"),
    Case("both files", f"[default]\n{keys('CONFIG')}", f"[default]\n{keys('FILE')}"),
    Case("config file's token is not the credentials file's", f"[default]\n{keys('CONFIG', 'token')}",
         f"[default]\n{keys('FILE')}"),
    Case("half a key in the credentials file", f"[default]\n{keys('CONFIG')}", "[default]\naws_access_key_id = AKIAHALF\n",
         refusal="credentials line 2"),
    Case("AWS_PROFILE", f"[profile dev]\n{keys('DEV')}", variables={"AWS_PROFILE": "dev"}),
    Case("AWS_DEFAULT_PROFILE", f"[profile dev]\n{keys('DEV')}", variables={"AWS_DEFAULT_PROFILE": "dev"}),
    Case("variables before AWS_PROFILE", f"[profile dev]\n{keys('DEV')}", variables=variables("ENV", AWS_PROFILE="dev")),
    Case("--profile before variables", f"[profile dev]\n{keys('DEV')}", variables=variables("ENV"), profile="dev"),
    Case("name with a space", f'[profile "my dev"]\n{keys("DEV")}', profile="my dev"),
    Case("unknown profile", f"[profile dev]\n{keys('DEV')}", profile="nope", refusal='profile "nope"'),
    Case("nested block", f"[default]\ns3 =\n  aws_access_key_id = AKIANESTED\n{keys('CONFIG')}"),
    Case("comments", f"# first\n[default]\n; second\n{keys('CONFIG')}"),
    Case("keys in capitals", config="[default]\nAWS_ACCESS_KEY_ID=AKIAUPPER\nAWS_SECRET_ACCESS_KEY=" + SECRET),
    Case("nothing at all", refusal="no credentials in the environment"),
]

ROLES = [
    Case("role", f"{SOURCE}[profile p]\n{ROLE}r\nsource_profile = source", profile="p"),
    Case("role with everything", f"{SOURCE}[profile p]\n{ROLE}r\nsource_profile = source\nexternal_id = e/x & ü\n"
         "role_session_name = me@example.com\nduration_seconds = 1800", profile="p"),
    Case("role, source in the credentials file", f"[profile p]\n{ROLE}r\nsource_profile = source",
         f"[source]\n{keys('FILE', 'token')}", profile="p"),
    Case("role in the credentials file", "", f"[source]\n{keys('FILE')}[p]\n{ROLE}r\nsource_profile = source", profile="p"),
    Case("role by AWS_PROFILE", f"{SOURCE}[profile p]\n{ROLE}r\nsource_profile = source", variables={"AWS_PROFILE": "p"}),
    Case("role of a role", f"{SOURCE}[profile q]\n{ROLE}first\nsource_profile = source\n"
         f"[profile p]\n{ROLE}second\nsource_profile = q", profile="p"),
    Case("role with the profile's own keys", f"[profile p]\n{ROLE}r\nsource_profile = p\n{keys('OWN')}", profile="p"),
    Case("role before keys", f"{SOURCE}[profile p]\n{ROLE}r\nsource_profile = source\n{keys('OWN')}", profile="p"),
    Case("source's keys before its role", f"{SOURCE}[profile q]\n{ROLE}first\nsource_profile = source\n{keys('OWN')}"
         f"[profile p]\n{ROLE}second\nsource_profile = q", profile="p"),
    Case("variables before a broken role", f"[default]\n{ROLE}r", variables=variables("ENV")),
    Case("circle", f"[profile p]\n{ROLE}r\nsource_profile = q\n[profile q]\n{ROLE}r\nsource_profile = p", profile="p",
         refusal="p → q → p"),
    Case("profile that is its own source", f"[profile p]\n{ROLE}r\nsource_profile = p", profile="p", refusal="config line 3"),
    Case("role without a source", f"[profile p]\n{ROLE}r", profile="p", refusal="config line 2"),
    Case("role with two sources", f"{SOURCE}[profile p]\n{ROLE}r\nsource_profile = source\ncredential_source = Environment",
         profile="p", refusal="both source_profile and credential_source"),
    Case("source that is not there", f"[profile p]\n{ROLE}r\nsource_profile = nope", profile="p", refusal='"nope"'),
    Case("source without keys", f"[profile q]\nregion = us-east-1\n[profile p]\n{ROLE}r\nsource_profile = q", profile="p",
         refusal='"q" has no keys'),
    Case("source's keys are not the variables", f"[profile q]\nregion = us-east-1\n[profile p]\n{ROLE}r\nsource_profile = q",
         variables=variables("ENV"), profile="p", refusal='"q" has no keys'),
    Case("role that is refused", f"{SOURCE}[profile p]\n{ROLE}forbidden\nsource_profile = source", profile="p",
         refusal="AccessDenied: not authorized"),
    Case("credential_source Environment", f"[profile p]\n{ROLE}r\ncredential_source = Environment",
         variables=variables("ENV"), profile="p"),
    Case("credential_source EcsContainer", f"[profile p]\n{ROLE}r\ncredential_source = EcsContainer",
         variables=CONTAINER, profile="p"),
    Case("credential_source Ec2InstanceMetadata", f"[profile p]\n{ROLE}r\ncredential_source = Ec2InstanceMetadata",
         variables=INSTANCE, profile="p"),
    Case("credential_source without keys", f"[profile p]\n{ROLE}r\ncredential_source = Environment", profile="p",
         refusal="Environment has no keys"),
    Case("credential_source of another name", f"[profile p]\n{ROLE}r\ncredential_source = Moon", profile="p", refusal="Moon"),
    Case("MFA without a terminal", f"{SOURCE}[profile p]\n{ROLE}r\nsource_profile = source\nmfa_serial = arn:aws:iam::1:mfa/me",
         profile="p", refusal="requires an MFA code of arn:aws:iam::1:mfa/me", only_ours=True),
    Case("duration that is not a number", f"{SOURCE}[profile p]\n{ROLE}r\nsource_profile = source\nduration_seconds = long",
         profile="p", refusal="config line 7", only_ours=True),
]

TOKENS = [
    Case("web identity", variables=WEB),
    Case("web identity with a name", variables={**WEB, "AWS_ROLE_SESSION_NAME": "pod"}),
    Case("web identity of a profile", f"[profile p]\n{ROLE}web\nweb_identity_token_file = {{folder}}/token\n"
         "role_session_name = ci", profile="p"),
    Case("web identity's role in the profile", f"[default]\n{ROLE}r\nweb_identity_token_file = elsewhere",
         variables={"AWS_WEB_IDENTITY_TOKEN_FILE": "{folder}/token"}),
    Case("variables before a web identity", variables={**WEB, **variables("ENV")}),
    Case("web identity before keys", credentials=f"[default]\n{keys('FILE')}", variables=WEB),
    Case("web identity after a role", f"{SOURCE}[default]\n{ROLE}r\nsource_profile = source", variables=WEB),
    Case("--profile silences the web identity", f"[profile dev]\n{keys('DEV')}", variables=WEB, profile="dev"),
    Case("web identity as a source", f"[profile q]\n{ROLE}web\nweb_identity_token_file = {{folder}}/token\n"
         f"[profile p]\n{ROLE}r\nsource_profile = q", profile="p"),
    Case("web identity without its file", variables={**WEB, "AWS_WEB_IDENTITY_TOKEN_FILE": "{folder}/nope"}, refusal="/nope"),
    Case("web identity without a role", variables={"AWS_WEB_IDENTITY_TOKEN_FILE": "{folder}/token"}, refusal="AWS_ROLE_ARN"),
    Case("IAM Identity Center", SSO_SESSION, profile="p"),
    Case("IAM Identity Center without a session", SSO_LEGACY, profile="p"),
    Case("IAM Identity Center before keys", SSO_SESSION, f"[p]\n{keys('FILE')}", profile="p"),
    Case("IAM Identity Center as a source", SSO_SESSION + f"[profile q]\n{ROLE}r\nsource_profile = p", profile="q"),
    Case("IAM Identity Center without the AWS CLI", SSO_SESSION, variables={"PATH": "{folder}"}, profile="p",
         refusal="aws sso login --profile p", only_ours=True),
    Case("aws login without the AWS CLI", "[profile p]\nlogin_session = arn:aws:iam::1:user/me\n",
         variables={"PATH": "{folder}"}, profile="p", refusal="aws login --profile p", only_ours=True),
]

PROGRAMS_AND_SERVERS = [
    Case("process", f"[default]\n{PROCESS}PLAIN"),
    Case("process with an end", f"[default]\n{PROCESS}ENDS --expires"),
    Case("process with quotes", f"[default]\n{PROCESS}" + "'QUO TED' \"a\\\"b\" c\\ d"),
    Case("process after the credentials file", f"[default]\n{PROCESS}PLAIN", f"[default]\n{keys('FILE')}"),
    Case("process before the config file's keys", f"[default]\n{PROCESS}PLAIN\n{keys('CONFIG')}"),
    Case("process as a source", f"[profile q]\n{PROCESS}PLAIN\n[profile p]\n{ROLE}r\nsource_profile = q", profile="p"),
    Case("process that fails", f"[default]\n{PROCESS}--fail", refusal="sorry"),
    Case("process of another version", f"[default]\n{PROCESS}--version-2", refusal="Version"),
    Case("process that is not there", "[default]\ncredential_process = /nowhere/to/be/found", refusal="/nowhere/to/be/found"),
    Case("container", variables=CONTAINER),
    Case("container with a token", variables={
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{url}/container-with-token",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "Basic abc"}),
    Case("container with a token in a file", variables={
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{url}/container-with-token",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "wrong", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{folder}/basic"}),
    Case("container of a strange host", variables={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://192.0.2.1/container"},
         refusal="192.0.2.1"),
    Case("container that refuses", variables={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{url}/nothing"}, refusal="status 404"),
    Case("keys before a container", credentials=f"[default]\n{keys('FILE')}", variables=CONTAINER),
    Case("--profile without keys, then the container", "[profile p]\nregion = us-east-1", variables=CONTAINER, profile="p"),
    Case("instance", variables=INSTANCE),
    Case("container before the instance", variables={**INSTANCE, **CONTAINER}),
    Case("instance that is turned off", variables={**INSTANCE, "AWS_EC2_METADATA_DISABLED": "true"}, refusal="no credentials in the environment"),
    Case("instance's address in the profile", "[default]\nec2_metadata_service_endpoint = {url}",
         variables={"AWS_EC2_METADATA_DISABLED": "false"}),
]

ALL = KEYS + ROLES + TOKENS + PROGRAMS_AND_SERVERS
