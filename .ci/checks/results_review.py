"""The tasks of `inferencectl results review`, judged by Label Studio's own library, and the labels in its exports.

usage: results_review.py INFERENCECTL FOLDER
"""

import copy
import csv
import json
import os
import shutil
import subprocess
import sys

from label_studio_sdk.converter import Converter
from label_studio_sdk.label_interface import LabelInterface
from results_stream import serve


def run(program, server, *arguments):
    process = subprocess.run(
        [program, "results", *arguments], capture_output=True, text=True, env={
            **os.environ, "AWS_ENDPOINT_URL": f"http://{server.address}", "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example"})
    assert process.returncode == 0, process.stderr
    return process.stdout


def main():
    program, folder = sys.argv[1:3]
    shutil.rmtree(folder, ignore_errors=True)
    server = serve(500, classes=133)
    run(program, server, "review", "--from", "s3://kept/results", "--below", "0.6", "--limit", "200", "--to", folder)
    configuration = os.path.join(folder, "label-config.xml")
    with open(configuration, encoding="utf-8") as file:
        interface = LabelInterface(file.read())
    interface.validate()
    with open(os.path.join(folder, "tasks.json"), encoding="utf-8") as file:
        tasks = json.load(file)
    assert len(tasks) == 200
    for task in tasks:
        assert not (errors := interface.validate_prediction(task["predictions"][0], return_errors=True)), errors
        assert interface.validate_task({"data": task["data"]})
    doctored = copy.deepcopy(tasks[0]["predictions"][0])
    doctored["result"][0]["value"]["choices"] = ["no class"]
    assert interface.validate_prediction(doctored, return_errors=True), "its judge takes anything"

    # A person takes the second class of every other task; every tenth task is not labeled.
    labels = {}
    for number, task in enumerate(tasks):
        choice = "007.Breed_7" if number % 2 else task["data"]["predicted"]
        result = {"id": "r", "from_name": "class", "to_name": "image", "type": "choices", "value": {"choices": [choice]}}
        task["id"], task["annotations"] = number, []
        if number % 10:
            task["annotations"] = [{"id": number, "completed_by": {"id": 1}, "was_cancelled": False, "result": [result]}]
            labels[f"s3://photos/{task['data']['key']}"] = choice
    exported = os.path.join(folder, "export.json")
    with open(exported, "w", encoding="utf-8") as file:
        json.dump(tasks, file)
    short = os.path.join(folder, "short")
    Converter(config=configuration, project_dir=folder, upload_dir=folder).convert_to_json_min(exported, short, is_dir=False)
    for source in (exported, os.path.join(short, "result.json")):
        run(program, server, "labels", source, "--to", os.path.join(folder, "labels.csv"))
        with open(os.path.join(folder, "labels.csv"), encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert {row["key"]: row["label"] for row in rows} == labels, source
    shutil.rmtree(folder)
    print(f"{len(tasks)} tasks and their interface valid for label-studio-sdk, {len(labels)} labels back from two exports")


if __name__ == "__main__":
    main()
