"""inferencectl's train, tune and endpoint commands against moto in IAM mode, the state read back with boto3.

usage: operations_hosting.py set-up MOTO_URL FOLDER
       operations_hosting.py check MOTO_URL FOLDER S3_URL INFERENCECTL SAGEMAKER_SDK_WHEEL

The first makes users in moto and objects in FOLDER/objects, and prints an rclone --auth-key for each user.
"""

import io
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import urllib.request
import zipfile

import boto3

REGION = "us-east-1"
# moto decides per action for SageMaker, and per resource for S3.
OPERATOR = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Resource": "*",
            "Action": [
                "sagemaker:CreateTrainingJob", "sagemaker:DescribeTrainingJob", "sagemaker:ListTrainingJobs",
                "sagemaker:StopTrainingJob", "sagemaker:CreateHyperParameterTuningJob",
                "sagemaker:DescribeHyperParameterTuningJob", "sagemaker:ListTrainingJobsForHyperParameterTuningJob",
                "sagemaker:CreateModel", "sagemaker:DescribeModel", "sagemaker:DeleteModel",
                "sagemaker:CreateEndpointConfig", "sagemaker:DescribeEndpointConfig", "sagemaker:DeleteEndpointConfig",
                "sagemaker:ListEndpointConfigs", "sagemaker:ListModels", "sagemaker:CreateEndpoint", "sagemaker:DescribeEndpoint",
                "sagemaker:DeleteEndpoint", "sagemaker:ListEndpoints", "logs:DescribeLogStreams", "logs:GetLogEvents",
                "application-autoscaling:DescribeScalableTargets", "iam:PassRole", "sagemaker:InvokeEndpoint",
                # CloudWatch's, by its host name.
                "monitoring:DescribeAlarms", "cloudwatch:DescribeAlarms",
            ],
        },
    ],
}
# May look, and no more.
READER = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sagemaker:DescribeTrainingJob", "Resource": "*"}],
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def client(service, url):
    return boto3.client(
        service, endpoint_url=url, region_name=REGION, aws_access_key_id="setup", aws_secret_access_key="setup"
    )


def authentication(url, on):
    request = urllib.request.Request(
        f"{url}/moto-api/reset-auth", data=b"0" if on else b"inf", headers={"Content-Type": "text/plain"}
    )
    with urllib.request.urlopen(request) as response:
        assert json.load(response)["status"] == "ok"


def set_up(url, folder):
    iam, users = client("iam", url), {}
    for name, policy in {"operator": OPERATOR, "reader": READER}.items():
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="policy", PolicyDocument=json.dumps(policy))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        users[name] = {"id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}
    role = iam.create_role(RoleName="training", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    # Nobody's but the account's: without a permission it cannot be listed.
    client("s3", url).create_bucket(Bucket="private")
    objects = {
        **{f"photos/pets/{name}/{number}.jpg": b"photograph" for name in ("cat", "dog") for number in (1, 2, 3)},
        "photos/one/cat/1.jpg": b"photograph",
        # What the tutorial has, and what trained "train versus test" for money.
        **{
            f"photos/tutorial/dogImages/{split}/{name}/{number}.jpg": b"photograph"
            for split in ("train", "valid", "test") for name in ("001.Affenpinscher", "002.Afghan_hound") for number in (1, 2)
        },
        **{f"photos/mixed/{name}/akita/{number}.jpg": b"photograph" for name in ("train", "test", "more") for number in (1, 2, 3)},
        "models/pets/model.tar.gz": archive({"model.pth": b"w", "labels.txt": b"cat\ndog\n", "code/inference.py": b"x"}),
        "models/unlabeled/model.tar.gz": archive({"model.pth": b"w", "code/inference.py": b"x"}),
        "models/broken/model.tar.gz": archive({"labels.txt": b"cat\ndog\n", "code/inference.py": b"x"}),
    }
    for name, content in objects.items():
        path = pathlib.Path(folder, "objects", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    pathlib.Path(folder, "users.json").write_text(json.dumps({"users": users, "role": role}))
    for user in users.values():
        print(f"{user['id']},{user['secret']}")


class Check:
    def __init__(self, url, folder, objects_url, program, sdk):
        self.url, self.folder, self.objects_url, self.program, self.sdk = url, folder, objects_url, program, sdk
        description = json.loads(pathlib.Path(folder, "users.json").read_text())
        self.users, self.role, self.count = description["users"], description["role"], 0
        self.users["wrong secret"] = {**self.users["operator"], "secret": "not/the+secret"}

    def client(self, service):
        return client(service, self.url)

    def authentication(self, on):
        authentication(self.url, on)

    def run(self, *arguments, user="operator", status=0, says=(), objects_url=None):
        """One command as a process; its output, after its status and words were checked."""
        keys = self.users[user]
        environment = {
            "PATH": os.environ["PATH"], "HOME": self.folder, "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_ACCESS_KEY_ID": keys["id"],
            "AWS_SECRET_ACCESS_KEY": keys["secret"], "AWS_ENDPOINT_URL": self.url,
            "AWS_ENDPOINT_URL_S3": objects_url or self.objects_url, "AWS_MAX_ATTEMPTS": "2", "NO_PROXY": "127.0.0.1",
        }
        result = subprocess.run(
            [self.program, *arguments, "--region", REGION],
            env=environment, cwd=self.folder, capture_output=True, text=True, timeout=120,
        )
        text = result.stdout + result.stderr
        assert result.returncode == status, f"{arguments}: status {result.returncode}, not {status}\n{text}"
        for words in says:
            assert words in text, f"{arguments}: {words!r} is not in\n{text}"
        assert keys["secret"] not in text
        self.count += 1
        return result.stdout

    def job_options(self, data="s3://photos/pets"):
        return ["--data", data, "--output-uri", "s3://models/out", "--role", self.role]

    def training(self):
        self.run(
            "train", "start", *self.job_options(), "--name", "pets-1", "--architecture", "efficientnet_lite0",
            "--freeze-backbone", "--epochs", "3", "--learning-rate", "0.02", "--spot", "--max-runtime-minutes", "60",
            "--subnet", "subnet-1", "--security-group", "sg-1", "--kms-key", "alias/key", "--tag", "team=birds=1",
            says=("layout: classes; 2 classes: cat, dog", "Training job pets-1 started", "Completed"),
        )
        self.run("train", "list", says=("pets-1",))
        shown = json.loads(self.run("train", "show", "pets-1", "--output", "json"))
        assert shown["status"] == "Completed" and shown["spot"], shown
        self.run(
            "train", "ec2", "--data", "s3://photos/pets", "--output-uri", "s3://models/ec2",
            says=("Wrote user-data.sh", "aws ec2 run-instances"),
        )

    def read_training(self):
        job = self.client("sagemaker").describe_training_job(TrainingJobName="pets-1")
        values = job["HyperParameters"]
        assert values["architecture"] == '"efficientnet_lite0"' and values["freeze-backbone"] == "true", values
        assert values["epochs"] == "3" and values["sagemaker_program"] == '"train.py"', values
        assert job["ResourceConfig"] == {"InstanceType": "ml.g4dn.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}, job
        assert job["StoppingCondition"] == {"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 7200}, job
        assert job["EnableManagedSpotTraining"] is True
        assert job["CheckpointConfig"]["S3Uri"] == "s3://models/out/checkpoints/pets-1", job
        assert job["VpcConfig"] == {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]}, job
        assert job["OutputDataConfig"]["KmsKeyId"] == "alias/key", job
        assert job["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3Uri"] == "s3://photos/pets/", job
        # moto keeps no metric definitions of a job: botocore judges those, in control-requests.sh.
        tags = self.client("sagemaker").list_tags(ResourceArn=job["TrainingJobArn"])["Tags"]
        assert tags == [{"Key": "team", "Value": "birds=1"}], tags
        # The code is where the job will look, and it is whole.
        bucket, key = json.loads(values["sagemaker_submit_directory"]).removeprefix("s3://").split("/", 1)
        with tarfile.open(pathlib.Path(self.folder, "objects", bucket, key)) as tar:
            files = set(tar.getnames())
            source = tar.extractfile("train.py").read()
        assert {"train.py", "inference.py", "preprocessing.py", "layout-rules.json"} <= files, files
        # Of lists of packages only the one that the container installs, for weights that it does not have.
        assert {name for name in files if name.endswith(".txt")} == {"requirements.txt"}, files
        compile(source, "train.py", "exec")

    def tuning(self):
        self.run(
            "tune", "start", *self.job_options(), "--name", "tune-1", "--jobs", "6", "--parallel", "3",
            says=("Search tune-1 started",),
        )

    def read_tuning(self):
        job = self.client("sagemaker").describe_hyper_parameter_tuning_job(HyperParameterTuningJobName="tune-1")
        config, definition = job["HyperParameterTuningJobConfig"], job["TrainingJobDefinition"]
        assert config["Strategy"] == "Bayesian" and config["TrainingJobEarlyStoppingType"] == "Auto", config
        assert config["ResourceLimits"] == {"MaxNumberOfTrainingJobs": 6, "MaxParallelTrainingJobs": 3}, config
        rate = config["ParameterRanges"]["ContinuousParameterRanges"][0]
        assert rate == {"Name": "learning-rate", "MinValue": "0.001", "MaxValue": "0.1", "ScalingType": "Logarithmic"}, rate
        size = config["ParameterRanges"]["IntegerParameterRanges"][0]
        # No more than the 16 GB of the default GPU hold of a whole ResNet-50.
        assert (size["Name"], size["MinValue"]) == ("batch-size", "32") and 100 < int(size["MaxValue"]) < 256, size
        goal = config["HyperParameterTuningJobObjective"]
        assert goal["MetricName"] in [m["Name"] for m in definition["AlgorithmSpecification"]["MetricDefinitions"]], goal
        # What is sought must not be fixed as well.
        assert not {"learning-rate", "batch-size"} & set(definition["StaticHyperParameters"]), definition

    def hosting(self):
        self.run(
            "endpoint", "create", "--endpoint-name", "pets", "--model-data", "s3://models/pets/model.tar.gz",
            "--role", self.role, "--instance-type", "ml.m5.xlarge", "--instance-count", "2", "--tag", "team=birds",
            # moto answers a photograph with 500; training.sh invokes the model in TorchServe.
            "--no-probe",
            says=("./build-zip.sh --labels labels.txt", "Endpoint pets is InService"),
        )
        with open(os.path.join(self.folder, "labels.txt"), encoding="utf-8") as file:
            assert file.read() == "cat\ndog\n"

    def read_hosting(self):
        sagemaker = self.client("sagemaker")
        endpoint = sagemaker.describe_endpoint(EndpointName="pets")
        config = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
        variant = config["ProductionVariants"][0]
        assert (variant["InstanceType"], variant["InitialInstanceCount"]) == ("ml.m5.xlarge", 2), variant
        model = sagemaker.describe_model(ModelName=variant["ModelName"])
        container = model["PrimaryContainer"]
        assert container["ModelDataUrl"] == "s3://models/pets/model.tar.gz", container
        assert "/pytorch-inference:" in container["Image"] and "-cpu-" in container["Image"], container
        assert model["ExecutionRoleArn"] == self.role
        return endpoint["EndpointConfigName"], variant["ModelName"]

    def kinds(self):
        options = ["--model-data", "s3://models/pets/model.tar.gz", "--role", self.role]
        serverless = ["endpoint", "create", "--endpoint-name", "idle", *options, "--serverless", "memory=2048,max=5"]
        self.run(*serverless, "--subnet", "subnet-1", "--security-group", "sg-1", status=1, says=("cannot run in a VPC",))
        self.run(*serverless, "--image", "docker.io/pets:1", status=1, says=("is not in Amazon ECR",))
        self.run(*serverless, "--instance-type", "ml.m5.large", status=2, says=("has no instances",))
        self.run(*serverless, "--no-probe", says=("Endpoint idle is InService",))
        paths = "output=s3://models/answers/output,errors=s3://models/answers/failures"
        topics = "topic-success=arn:aws:sns:us-east-1:123456789012:done,max-per-instance=4"
        queued = ["endpoint", "create", "--endpoint-name", "queued", *options, "--async"]
        self.run(*queued, f"{paths},errors=s3://models/other", status=2, says=("more than once",))
        self.run(*queued, "output=s3://models/a,errors=s3://models/a/b", status=1, says=("overlap",))
        self.run(*queued, paths, "--instance-count", "0", status=2, says=("creates no endpoint with 0 instances",))
        self.run(*queued, f"{paths},{topics}", says=("Not invoked", "--min 0 --max 1", "Endpoint queued is InService"))
        self.run(
            "endpoint", "update", "--endpoint-name", "queued", "--serverless", "max=5", status=1,
            says=("does not convert it to serverless",),
        )

    def read_kinds(self):
        sagemaker = self.client("sagemaker")

        def configuration(name):
            return sagemaker.describe_endpoint_config(
                EndpointConfigName=sagemaker.describe_endpoint(EndpointName=name)["EndpointConfigName"]
            )

        idle = configuration("idle")["ProductionVariants"][0]
        assert idle["ServerlessConfig"] == {"MemorySizeInMB": 2048, "MaxConcurrency": 5}, idle
        assert "InstanceType" not in idle, idle
        environment = sagemaker.describe_model(ModelName=idle["ModelName"])["PrimaryContainer"]["Environment"]
        assert environment["SAGEMAKER_MODEL_SERVER_WORKERS"] == "1", environment
        queued = configuration("queued")
        assert queued["AsyncInferenceConfig"] == {
            "OutputConfig": {
                "S3OutputPath": "s3://models/answers/output",
                "S3FailurePath": "s3://models/answers/failures",
                "NotificationConfig": {
                    "SuccessTopic": "arn:aws:sns:us-east-1:123456789012:done",
                    "IncludeInferenceResponseIn": ["SUCCESS_NOTIFICATION_TOPIC"],
                },
            },
            "ClientConfig": {"MaxConcurrentInvocationsPerInstance": 4},
        }, queued
        assert queued["ProductionVariants"][0]["InitialInstanceCount"] == 1, queued

    def delete_kinds(self):
        for name in ("idle", "queued"):
            self.run("endpoint", "delete", "--endpoint-name", name, "--yes", says=("deleted",))

    def share_model(self, model):
        self.client("sagemaker").create_endpoint_config(
            EndpointConfigName="somebody-elses",
            ProductionVariants=[
                {"VariantName": "A", "ModelName": model, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
            ],
        )

    def refusals(self):
        start = ["train", "start"]
        self.run(*start, *self.job_options("s3://photos/one"), status=1, says=("only one class, cat",))
        self.run(
            *start, *self.job_options("s3://photos/tutorial"), "--dry-run",
            says=("layout: splits in dogImages; 2 classes: 001.Affenpinscher, 002.Afghan_hound", "held out: validation: the folder valid"),
        )
        self.run(*start, *self.job_options("s3://photos/mixed"), status=1, says=("look like splits (test, train) beside folders that do not (more)",))
        self.run(
            *start, *self.job_options(), "--validation-data", "s3://photos/mixed/train", status=1,
            says=("the channel validation", "akita"),
        )
        self.run(*start, *self.job_options(), "--network-isolation", status=1, says=("--weights",))
        self.run(*start, *self.job_options(), "--volume-gb", "500", status=1, says=("ml.g4dn.xlarge", "125 GB"))
        self.run(*start, *self.job_options(), "--name", "my_job", status=2, says=("--name must be",))
        self.run(*start, *self.job_options("s3://photos/none"), status=1, says=("s3://photos/none has no photographs",))
        self.run(
            *start, *self.job_options("s3://private"), objects_url=self.url, status=1,
            says=("AccessDenied", "s3:ListBucket"),
        )
        self.run(*start, *self.job_options("s3://not-there/x"), status=1, says=("NoSuchBucket",))
        self.run(*start, "--data", "s3://photos/pets", "--output-uri", "s3://models/out", status=2, says=("--role is missing",))
        self.run(
            *start, *self.job_options(), user="reader", status=1,
            says=("AccessDenied", "sagemaker:CreateTrainingJob"),
        )
        self.run(*start, *self.job_options(), user="wrong secret", status=1, says=("SignatureDoesNotMatch",))
        self.run(
            "endpoint", "create", "--endpoint-name", "other", "--model-data", "s3://models/unlabeled/model.tar.gz",
            "--role", self.role, status=1, says=("has no labels.txt",),
        )
        self.run(
            "endpoint", "create", "--endpoint-name", "other", "--model-data", "s3://models/broken/model.tar.gz",
            "--role", self.role, status=1, says=("has no model.pth and could not serve",),
        )
        self.run(
            "endpoint", "create", "--endpoint-name", "other", "--model-data", "s3://models/pets/model.tar.gz",
            "--role", self.role, "--instance-type", "ml.inf2.xlarge", status=1, says=("ml.inf2.xlarge has Neuron accelerators",),
        )
        self.run("endpoint", "delete", "--endpoint-name", "pets", status=1, says=("--yes",))
        self.run("endpoint", "delete", "--endpoint-name", "nobody", "--yes", status=1, says=("Endpoint nobody does not exist",))
        planned = self.run(
            "endpoint", "create", "--endpoint-name", "dry", "--model-data", "s3://models/pets/model.tar.gz",
            "--role", self.role, "--dry-run",
        )
        assert planned.count("would send") == 3, planned

    def read_deleted(self, configuration, model):
        sagemaker = self.client("sagemaker")
        assert [e["EndpointName"] for e in sagemaker.list_endpoints()["Endpoints"]] == []
        names = [c["EndpointConfigName"] for c in sagemaker.list_endpoint_configs()["EndpointConfigs"]]
        assert names == ["somebody-elses"], names
        assert [m["ModelName"] for m in sagemaker.list_models()["Models"]] == [model]

    def images(self):
        """The SDK's accounts, by each region, in what we would send."""
        with zipfile.ZipFile(self.sdk) as wheel:
            table = json.loads(wheel.read("sagemaker/image_uri_config/pytorch.json"))
        for purpose in ("training", "inference"):
            version = table[purpose]["versions"]["2.6.0"]
            assert version["py_versions"] == ["py312"], version
            with open("Sources/Operations/AWSControl/SageMaker/PyTorchImage.swift", encoding="utf-8") as file:
                source = file.read()
            graviton = table["inference_graviton"]["versions"]["2.4.0"]
            assert graviton["registries"] == table["inference"]["versions"]["2.6.0"]["registries"]
            tag = f"2.4.0-cpu-{graviton['py_versions'][0]}-{graviton['container_version']['cpu']}"
            assert f'"{tag}"' in source and f"{graviton['repository']}:" in source, graviton
            for region, account in version["registries"].items():
                regular = f'"{region}"' in source and account == "763104351884"
                assert regular or f'"{region}": "{account}"' in source, (purpose, region, account)


def archive(files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def check(url, folder, objects_url, program, sdk):
    check = Check(url, folder, objects_url, program, sdk)
    check.images()
    check.authentication(True)
    check.training()
    check.tuning()
    check.hosting()
    check.refusals()
    check.kinds()
    check.authentication(False)
    check.read_kinds()
    check.authentication(True)
    check.delete_kinds()
    check.authentication(False)
    check.read_training()
    check.read_tuning()
    configuration, model = check.read_hosting()
    check.share_model(model)
    check.authentication(True)
    check.run(
        "endpoint", "delete", "--endpoint-name", "pets", "--yes",
        says=(f"kept: model {model}: configuration somebody-elses names it too", "deleted"),
    )
    check.authentication(False)
    check.read_deleted(configuration, model)
    print(f"{check.count} commands, their effects read back")


if __name__ == "__main__":
    {"set-up": set_up, "check": check}[sys.argv[1]](*sys.argv[2:])
