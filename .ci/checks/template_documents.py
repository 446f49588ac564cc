"""Writes what the linters read into a folder: the translated template, the template of each case without anything
conditional, and every policy document on its own; beside it, FOLDER-circle.json, a template that must not pass."""

import pathlib
import sys

from template_model import CASES, REQUIRED, policies, render, translate, write

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
write(translate(REQUIRED), folder / "translated.json")
count = 1
for case, parameters in CASES.items():
    rendered = render(parameters)
    write(rendered, folder / f"rendered-{case}.json")
    count += 1
    for where, document in policies(rendered):
        write(document, folder / f"policy-{case}-{where.replace('/', '-')}.json")
        count += 1
broken = translate(REQUIRED)
(policy,) = broken["Resources"]["ClassifyRole"]["Properties"]["Policies"]
(read,) = [each for each in policy["PolicyDocument"]["Statement"] if each.get("Sid") == "ReadImages"]
read["Resource"] = {"Fn::GetAtt": ["ImageBucket", "Arn"]}
write(broken, f"{folder}-circle.json")
print(f"{count} documents")
