#!/usr/bin/env bash
# events/*.json are JSON, and each object that they name lies under events/objects.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

for file in events/*.json; do
  python3 -m json.tool "$file" >/dev/null || fail "$file is not JSON"
done
named=$(python3 - <<'PYTHON'
import glob, json, os, sys, urllib.parse



def objects(event):
    """Bucket, key and size of each S3 object of an event, whatever wraps it. Only notifications encode keys."""
    for record in event.get("Records", []):
        if "s3" in record:
            key = record["s3"]["object"]["key"]
            decoded = urllib.parse.unquote_plus(key)
            if urllib.parse.quote_plus(decoded, safe="/") != key:
                sys.exit(f"{path}: S3 would not encode the key as {key}")
            yield record["s3"]["bucket"]["name"], decoded, record["s3"]["object"].get("size")
        elif "Sns" in record:
            yield from objects(json.loads(record["Sns"]["Message"]))
        elif "body" in record:
            body = json.loads(record["body"])
            yield from objects(json.loads(body["Message"]) if body.get("Type") == "Notification" else body)
        else:
            sys.exit(f"{path}: a record of an unknown kind")
    if event.get("source") == "aws.s3":
        detail = event["detail"]
        yield detail["bucket"]["name"], detail["object"]["key"], detail["object"].get("size")


named = 0
for path in sorted(glob.glob("events/*.json")):
    with open(path) as file:
        event = json.load(file)
    for bucket, key, size in objects(event):
        name = f"events/objects/{bucket}/{key}"
        if not os.path.isfile(name):
            sys.exit(f"{path}: no {name}")
        if size is not None and size != os.path.getsize(name):
            sys.exit(f"{path}: {name} has another size")
        named += 1
print(named)
PYTHON
) || fail "see above"
[[ "$named" -ge 3 ]] || fail "only $named objects are named"
passed "$(find events -maxdepth 1 -name '*.json' | wc -l) events, $named objects named in them"
