"""The template as CloudFormation sees it: parameters checked, SAM translated, rules and conditions decided, intrinsic functions resolved."""

import copy
import functools
import hashlib
import ipaddress
import json
import logging
import re

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

TEMPLATE = "template.yaml"
REGION, ACCOUNT, STACK = "us-east-1", "123456789012", "dog-breeds-app"
PSEUDO = {
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::StackName": STACK,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK}/1",
}
REQUIRED = {
    "Release": hashlib.sha256(b"a release").hexdigest(),
    "Architecture": "x86_64",
    "EndpointName": "dog-breeds",
    "ImageBucketName": "dog-photos",
}
HOSTING = {
    "HostModel": "true",
    "ModelImage": "123456789012.dkr.ecr.us-east-1.amazonaws.com/models/dogs:2",
    "ModelDataUrl": "s3://dog-models/efficient/model.tar.gz",
}
KMS_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0a1b2c3d-0000-4000-8000-000000000000"
RESULT_KMS_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0a1b2c3d-0000-4000-8000-000000000001"
# Every option that can be on together; an existing bucket and existing subnets exclude what they replace.
EVERYTHING = {
    **REQUIRED,
    **HOSTING,
    "ImageKmsKeyArn": KMS_KEY,
    "ResultBucketName": "dog-results",
    "ResultKmsKeyArn": RESULT_KMS_KEY,
    "EventDelivery": "queue",
    "QueueMaximumConcurrency": "4",
    "FunctionUrl": "true",
    "AllowObjectInput": "true",
    "ResultBucketVersioning": "true",
    "ResultRetentionDays": "400",
    "BackfillRole": "true",
    "InferenceComponent": "dogs",
    "Tracing": "Active",
    "VpcMode": "create",
    "ReservedConcurrency": "20",
    "ProvisionedConcurrency": "2",
    "ProvisionedConcurrencyMaximum": "10",
    "AlarmEmail": "on-call@example.com",
}
EXISTING = {
    **REQUIRED,
    "ImageBucketExists": "true",
    "VpcMode": "existing",
    "SubnetIds": "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
    "SecurityGroupIds": "sg-0123456789abcdef0",
    "AlarmTopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:on-call",
    "EndpointVariant": "Green",
}
# A rule that fills the queue, results in a bucket that is there, and a URL for everybody.
PUBLIC = {
    **REQUIRED,
    "ImageBucketExists": "true",
    "ResultBucketName": "dog-photos",
    "ResultBucketExists": "true",
    "EventDelivery": "queue",
    "FunctionUrl": "true",
    "FunctionUrlAuth": "NONE",
    "ReservedConcurrency": "5",
    "MonitoredVariant": "Blue",
}
ASYNC_KMS_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0a1b2c3d-0000-4000-8000-000000000002"
SERVERLESS = {
    **REQUIRED,
    **HOSTING,
    "EndpointKind": "serverless",
    "TimeoutSeconds": "300",
    "ServerlessMemoryMegabytes": "4096",
    "ServerlessMaximumConcurrency": "10",
    "ServerlessProvisionedConcurrency": "1",
}
# From zero instances, with the keys, network, and queue that can be combined with it.
ASYNCHRONOUS = {
    **REQUIRED,
    **HOSTING,
    "EndpointKind": "asynchronous",
    "AsyncBucketName": "dog-replies",
    "AsyncKmsKeyArn": ASYNC_KMS_KEY,
    "AsyncMaximumConcurrentInvocationsPerInstance": "4",
    "HostingInstanceType": "ml.g4dn.xlarge",
    "HostingMinimumInstances": "0",
    "ImageKmsKeyArn": KMS_KEY,
    "ResultBucketName": "dog-results",
    "ResultKmsKeyArn": RESULT_KMS_KEY,
    "EventDelivery": "queue",
    "VpcMode": "create",
    "AlarmTopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:on-call",
}
CASES = {
    "required": REQUIRED, "everything": EVERYTHING, "existing": EXISTING, "public": PUBLIC, "serverless": SERVERLESS,
    "asynchronous": ASYNCHRONOUS,
}
ATTRIBUTES = {
    "AWS::SQS::Queue": {"Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{{}}"},
    "AWS::IAM::Role": {"Arn": f"arn:aws:iam::{ACCOUNT}:role/{{}}"},
    "AWS::Lambda::Version": {"Version": "1"},
    "AWS::Events::Rule": {"Arn": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{{}}"},
}
REFERENCES = {
    "AWS::EC2::VPC": "vpc-00000000000000001",
    "AWS::EC2::RouteTable": "rtb-00000000000000001",
    "AWS::Lambda::Alias": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{STACK}:live",
    "AWS::Lambda::Version": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{STACK}:1",
    "AWS::Lambda::Function": STACK,
    "AWS::SNS::Topic": f"arn:aws:sns:{REGION}:{ACCOUNT}:{{}}",
}
DROPPED = object()
SESSION = boto3.session.Session(region_name=REGION)
logging.getLogger("samtranslator").setLevel(logging.ERROR)
# Newer translators log a missing feature toggle, which is their own service's.
logging.getLogger("samtranslator.feature_toggle.feature_toggle").setLevel(logging.CRITICAL)


class Refused(Exception):
    """What CloudFormation would refuse before it creates anything."""


@functools.cache
def parsed():
    with open(TEMPLATE) as file:
        return yaml_parse(file.read())


def source():
    return copy.deepcopy(parsed())


def translate(parameters):
    """The CloudFormation template that SAM makes; parameters stay what they are."""
    template = source()
    # What sam deploy puts there after the upload.
    template["Resources"]["ClassifyFunction"]["Properties"]["CodeUri"] = "s3://code-bucket/bootstrap.zip"
    return Translator({}, Parser(), boto_session=SESSION).translate(template, dict(parameters))


def check_parameters(template, given):
    """Values of all parameters; `Refused` when one is missing, unknown or against its constraints."""
    declared = template["Parameters"]
    if unknown := set(given) - set(declared):
        raise Refused(f"no parameters {sorted(unknown)}")
    values = {}
    for name, parameter in declared.items():
        if name not in given and "Default" not in parameter:
            raise Refused(f"{name} is required")
        value = str(given.get(name, parameter.get("Default")))
        allowed = parameter.get("AllowedValues")
        if allowed and value not in [str(each) for each in allowed]:
            raise Refused(f"{name}: {value} is none of {allowed}")
        if "AllowedPattern" in parameter and not re.fullmatch(parameter["AllowedPattern"], value):
            raise Refused(f"{name}: {value} does not match {parameter['AllowedPattern']}")
        if parameter["Type"] == "Number":
            number = float(value)
            if not parameter.get("MinValue", number) <= number <= parameter.get("MaxValue", number):
                raise Refused(f"{name}: {value} is out of range")
        values[name] = value
    return values


class Renderer:
    def __init__(self, template, given):
        self.template = template
        self.values = check_parameters(template, given)
        self.check_rules()

    def check_rules(self):
        for name, rule in self.template.get("Rules", {}).items():
            if self.resolve(rule.get("RuleCondition", True)) is False:
                continue
            for assertion in rule["Assertions"]:
                if not self.resolve(assertion["Assert"]):
                    raise Refused(f"{name}: {assertion['AssertDescription']}")

    def condition(self, name):
        return self.resolve(self.template["Conditions"][name])

    def render(self):
        """The template with one answer to every question; what is conditional is there or is not."""
        result = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}, "Outputs": {}}
        for section in ("Resources", "Outputs"):
            for name, entry in self.template[section].items():
                if "Condition" in entry and not self.condition(entry["Condition"]):
                    continue
                kept = {key: value for key, value in entry.items() if key not in ("Condition", "Metadata")}
                result[section][name] = self.resolve(kept)
        for resource in result["Resources"].values():
            if isinstance(resource.get("DependsOn"), str):
                resource["DependsOn"] = [resource["DependsOn"]]
        return result

    def resolve(self, node):
        if isinstance(node, list):
            return [value for value in map(self.resolve, node) if value is not DROPPED]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            (name, argument), = node.items()
            function = getattr(self, "fn_" + name.removeprefix("Fn::").lower(), None)
            if function and (name in ("Ref", "Condition") or name.startswith("Fn::")):
                return function(argument)
        return {key: value for key, value in ((k, self.resolve(v)) for k, v in node.items()) if value is not DROPPED}

    def fn_ref(self, name):
        if name == "AWS::NoValue":
            return DROPPED
        if name in self.values:
            return self.values[name]
        if name in PSEUDO:
            return PSEUDO[name]
        resource = self.template["Resources"][name]
        if resource["Type"] == "AWS::EC2::Subnet":
            return "subnet-0000000000000000" + name[-1].lower()
        if resource["Type"] == "AWS::EC2::SecurityGroup":
            return "sg-0000000000000000" + ("f" if name.startswith("F") else "e")
        return REFERENCES.get(resource["Type"], name).format(name)

    def fn_condition(self, name):
        return self.condition(name)

    def fn_getatt(self, argument):
        name, attribute = argument if isinstance(argument, list) else argument.split(".", 1)
        kind = self.template["Resources"][name]["Type"]
        return ATTRIBUTES.get(kind, {}).get(attribute, f"{{}}-{attribute}").format(name)

    def fn_sub(self, argument):
        text, extra = argument if isinstance(argument, list) else (argument, {})

        def value(match):
            name = match.group(1)
            if name in extra:
                return str(self.resolve(extra[name]))
            return str(self.fn_getatt(name) if "." in name else self.fn_ref(name))

        return re.sub(r"\$\{([^!}][^}]*)\}", value, text)

    def fn_if(self, argument):
        name, yes, no = argument
        return self.resolve(yes if self.condition(name) else no)

    def fn_equals(self, argument):
        left, right = (str(self.resolve(each)) for each in argument)
        return left == right

    def fn_not(self, argument):
        return not self.resolve(argument[0])

    def fn_and(self, argument):
        return all(self.resolve(each) for each in argument)

    def fn_or(self, argument):
        return any(self.resolve(each) for each in argument)

    def fn_contains(self, argument):
        texts, text = (self.resolve(each) for each in argument)
        return text in texts

    def fn_join(self, argument):
        return argument[0].join(str(each) for each in self.resolve(argument[1]))

    def fn_split(self, argument):
        return self.resolve(argument[1]).split(argument[0])

    def fn_select(self, argument):
        return self.resolve(argument[1])[int(argument[0])]

    def fn_getazs(self, _):
        return [f"{REGION}{zone}" for zone in "abc"]

    def fn_cidr(self, argument):
        block, count, bits = self.resolve(argument)
        subnets = ipaddress.ip_network(block).subnets(new_prefix=32 - int(bits))
        return [str(next(subnets)) for _ in range(int(count))]


def render(parameters):
    """The deployed resources. As in CloudFormation, the parameters are checked before SAM sees them."""
    check_parameters(source(), parameters)
    return Renderer(translate(parameters), parameters).render()


def of_type(rendered, kind):
    return {name: each for name, each in rendered["Resources"].items() if each["Type"] == kind}


def statements(policy):
    return {each["Sid"]: each for each in policy["Statement"]}


def role_statements(rendered, name):
    (policy,) = rendered["Resources"][name]["Properties"]["Policies"]
    return statements(policy["PolicyDocument"])


def as_list(value):
    return value if isinstance(value, list) else [value]


def policies(rendered):
    """Every policy document: (where, document)."""
    for name, resource in rendered["Resources"].items():
        properties = resource.get("Properties", {})
        for policy in properties.get("Policies", []):
            yield f"{name}/{policy['PolicyName']}", policy["PolicyDocument"]
        for key in ("PolicyDocument", "AssumeRolePolicyDocument"):
            if key in properties:
                yield f"{name}/{key}", properties[key]


def references(node, resources):
    """Logical names that a part of an unresolved template needs to be there first."""
    found = set()
    if isinstance(node, list):
        for each in node:
            found |= references(each, resources)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "Ref":
                found.add(value)
            elif key == "Fn::GetAtt":
                found.add(value[0] if isinstance(value, list) else value.split(".")[0])
            elif key == "DependsOn":
                found |= set(as_list(value))
            else:
                if key == "Fn::Sub":
                    text = value[0] if isinstance(value, list) else value
                    found |= {name.split(".")[0] for name in re.findall(r"\$\{([^!}][^}]*)\}", text)}
                found |= references(value, resources)
    return found & set(resources)


def cycle(template):
    """Logical names that need each other, or none."""
    resources = template["Resources"]
    needs = {name: references(resource, resources) - {name} for name, resource in resources.items()}
    while ready := [name for name, needed in needs.items() if not needed & set(needs)]:
        for name in ready:
            del needs[name]
    return sorted(needs)


def write(document, path):
    with open(path, "w") as file:
        json.dump(document, file, indent=1)
