"""What checkov finds must be what docs/deploy.md explains, no more and no less.

usage: template_checkov.py REPORT.json docs/deploy.md
"""

import json
import re
import sys

report, document = sys.argv[1:]
with open(report) as file:
    reports = json.load(file)
reports = reports if isinstance(reports, list) else [reports]
found, passed = {}, 0
for each in reports:
    if each["summary"]["parsing_errors"]:
        sys.exit(f"checkov could not read {each['summary']['parsing_errors']} files")
    passed += each["summary"]["passed"]
    for finding in each["results"]["failed_checks"]:
        key = (finding["check_id"], finding["resource"].rsplit(".", 1)[-1])
        found[key] = f"{finding['check_name']} ({finding['file_path']})"
explained = set()
with open(document) as file:
    for line in file:
        if row := re.match(r"\| (CKV[0-9A-Z_]+) \| ([^|]+) \| \S", line):
            explained |= {(row.group(1), name.strip()) for name in row.group(2).split(",")}

for key in sorted(found.keys() - explained):
    print(f"not explained in {document}: {key[0]} {key[1]}: {found[key]}")
for key in sorted(explained - found.keys()):
    print(f"explained in {document} but not found: {key[0]} {key[1]}")
if found.keys() != explained or not passed:
    sys.exit(1)
print(f"{passed} checks passed; findings at {len(found)} places, each explained")
