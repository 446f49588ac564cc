#!/usr/bin/env bash
# The benchmark runs, in its short form; a contender that answers wrongly and a ratio that worsened fail it. A time
# never decides a check: which targets held is printed.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

folder=$work/benchmark
mkdir -p "$folder"
swift build -c release --product benchmark >"$folder/build.log" 2>&1 ||
  { tail -n 40 "$folder/build.log"; fail "it does not build"; }
benchmark=$(swift build -c release --show-bin-path)/benchmark
[ -f dist/bootstrap.zip ] || ./build-zip.sh

# refused TEXT COMMAND...: it must end with 1 and say so.
refused() {
  local text=$1 status=0
  shift
  "$@" >"$folder/refused.log" 2>&1 || status=$?
  if [ "$status" != 1 ] || ! grep -qF -- "$text" "$folder/refused.log"; then
    tail -n 20 "$folder/refused.log"
    fail "status $status, and not refused with: $text"
  fi
}

"$benchmark" --quick --zip dist/bootstrap.zip --work "$folder" --json "$folder/results.json" \
  >"$folder/table.txt" 2>"$folder/progress.log" || { cat "$folder/progress.log"; fail "it does not run"; }
cat "$folder/table.txt"

# The results against themselves, and against themselves made better or shorter.
python3 - "$folder" <<'PYTHON'
import copy, json, sys
folder = sys.argv[1]
with open(f"{folder}/results.json") as file:
    results = json.load(file)
def write(name, change):
    doctored = copy.deepcopy(results)
    for value in doctored["values"]:
        change(doctored["values"], value)
    with open(f"{folder}/{name}.json", "w") as file:
        json.dump(doctored, file)
def was(share):
    def change(_, value):
        if value["measure"] == "cpu" and value["contender"] == "function":
            value["spread"]["median"] *= share
    return change
write("worse", was(1.3))
write("slightly-worse", was(1.2))
write("slower-machine", lambda _, value: value["spread"].update(median=value["spread"]["median"] * 3))
results["values"] = [value for value in results["values"] if value["measure"] != "signature"]
write("shorter", lambda *_: None)
PYTHON
check() {
  "$benchmark" --check "$folder/results.json" --results "$folder/$1.json"
}
for same in results slightly-worse slower-machine; do
  check "$same" >"$folder/same.log" 2>&1 || { tail -n 5 "$folder/same.log"; fail "--check refuses $same.json"; }
done
refused "cpu, function : C floor + hashes was" check worse
refused "signature, function : awslambdaric + boto3 was" check shorter
echo '{}' >"$folder/empty.json"
refused "holds no results" check empty

# A function that answers every event, but not with what is in the image.
cat >"$folder/wrong" <<'PYTHON'
#!/usr/bin/env python3
import os, urllib.request
base = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
while True:
    with urllib.request.urlopen(base + "next") as event:
        name = event.headers["Lambda-Runtime-Aws-Request-Id"]
    urllib.request.urlopen(base + name + "/response", data=b'{"statusCode": 200, "body": "{}"}').close()
PYTHON
chmod +x "$folder/wrong"
refused "wrong does not do the work" \
  "$benchmark" --quick --zip dist/bootstrap.zip --work "$folder" --also "wrong=$folder/wrong"
refused "ended with status 0" "$benchmark" --quick --zip dist/bootstrap.zip --work "$folder" --also ended=/bin/true

passed "$(tail -n 1 "$folder/table.txt"); wrong answers and worse ratios are refused"
