#!/usr/bin/env bash
# events/*.json are JSON, and each object that they name lies under events/objects.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

for file in events/*.json; do
  python3 -m json.tool "$file" >/dev/null || fail "$file is not JSON"
done
named=$(python3 - <<'PYTHON'
import glob, json, os, sys, urllib.parse

named = 0
for path in sorted(glob.glob("events/*.json")):
    with open(path) as file:
        event = json.load(file)
    for record in event.get("Records", []):
        key = record["s3"]["object"]["key"]
        name = f'{record["s3"]["bucket"]["name"]}/{urllib.parse.unquote_plus(key)}'
        if not os.path.isfile(f"events/objects/{name}"):
            sys.exit(f"{path}: no events/objects/{name}")
        if urllib.parse.quote_plus(urllib.parse.unquote_plus(key), safe="/") != key:
            sys.exit(f"{path}: S3 would not encode the key as {key}")
        size = record["s3"]["object"].get("size")
        if size is not None and size != os.path.getsize(f"events/objects/{name}"):
            sys.exit(f"{path}: {name} has another size")
        named += 1
print(named)
PYTHON
) || fail "see above"
[[ "$named" -ge 3 ]] || fail "only $named objects are named"
passed "$(find events -maxdepth 1 -name '*.json' | wc -l) events, $named objects named in them"
