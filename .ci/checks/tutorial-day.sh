#!/usr/bin/env bash
# The tutorial's day with the commands, on this machine: 140 photographs of Debian's gcompris-qt-data as
# dogImages/train, valid, test → train local --report (with Debian's torch, its first epoch within 30 s) → the page in
# headless Chromium, light and dark → tune local, killed and continued → endpoint create --dry-run → the model in AWS's
# container code, asked through local-invoke: the class of the report. Before it wrong layouts, which must not train.
# Needs a finished `swift build`; as root, or with sudo for apt-get. The pictures stay in .build-ci/tutorial-day.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

tools=$PWD/.ci/checks/training
folder=$work/tutorial-day
inferencectl=$(swift build --show-bin-path)/inferencectl
local_invoke=$(swift build --show-bin-path)/local-invoke
rm -rf "$folder"
mkdir -p "$folder/profile"
# shellcheck source=.ci/checks/training/environment.sh
source "$tools/environment.sh" chromium fonts-dejavu-core

"$python" "$tools/photographs.py" "$package" "$photographs"
"$python" "$tools/tutorial_layout.py" "$photographs" "$folder/dogImages"
network=(--architecture efficientnet_lite0 --freeze-backbone)

# refused NAME TEXT DATA: no Python is started for it.
refused() {
  local code=0
  "$inferencectl" train local --data "$3" --output-dir "$folder/refused" --python /nowhere/python3 >"$folder/$1.log" 2>&1 || code=$?
  if [[ $code != 1 ]] || ! grep -qF "$2" "$folder/$1.log"; then
    cat "$folder/$1.log"
    fail "$1: status $code"
  fi
}
mkdir -p "$folder/mixed" "$folder/no-train"
cp -R "$folder/dogImages/train" "$folder/dogImages/test" "$folder/mixed/"
cp -R "$folder/dogImages/train" "$folder/mixed/more"
cp -R "$folder/dogImages/valid" "$folder/dogImages/test" "$folder/no-train/"
refused mixed 'look like splits' "$folder/mixed"
refused no-train 'no folder for training' "$folder/no-train"

# With the interpreter that the command finds itself: Debian's, and an environment for the weights alone.
start=$(date +%s%N)
"$inferencectl" train local --yes --data "$folder/dogImages" --output-dir "$folder/trained" --environment "$folder/venv" \
  --epochs 20 --learning-rate 0.05 "${network[@]}" --report "$folder/page.html" > >(cat >"$folder/trained.out") \
  2> >(python3 "$tools/first_epoch.py" "$start" "$folder/first-epoch" >"$folder/trained.log") ||
  { tail -n 30 "$folder/trained.log"; fail "train local"; }
grep -q '^layout: splits; 5 classes: 001' "$folder/trained.log" || { head "$folder/trained.log"; fail "the layout"; }
grep -q '^held out: validation: the folder valid; test: the folder test$' "$folder/trained.log" || fail "the held-out photographs"
! grep -qi 'torch.*download\|Collecting torch' "$folder/trained.log" || fail "torch was downloaded"
seconds=$(cat "$folder/first-epoch")
python3 -c "import sys; sys.exit(float(sys.argv[1]) > 30)" "$seconds" || fail "the first epoch ended after $seconds s"
[[ -z "$(find "$folder/trained" -name 'checkpoint*' -type f)" ]] || fail "a finished training left checkpoints"

make_venv pillow pillow==12.0.0
# show NAME SETTING: a picture in one scheme; everything that the browser asks for is in the net log.
show() {
  timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --disable-extensions \
    --user-data-dir="$folder/profile" --blink-settings="preferredColorScheme=$2" --window-size="1200,3600" \
    --enable-logging=stderr --log-net-log="$folder/$1-net.json" --screenshot="$folder/$1.png" \
    "file://$folder/page.html" >"$folder/$1.log" 2>&1 || fail "chromium: see .build-ci/tutorial-day/$1.log"
  if grep -F CONSOLE "$folder/$1.log"; then fail "the page has something to say on the console"; fi
}
show light 1
show dark 0
"$work/venv-pillow/bin/python" "$tools/tutorial_page.py" "$folder" || fail "see above"

search=("$inferencectl" tune local --data "$folder/dogImages" --output-dir "$folder/search" --environment "$folder/venv"
  --trials 4 --epochs 18 "${network[@]}" --yes --output json)
# Killed as soon as a trial has an epoch; the same command continues.
"${search[@]}" >"$folder/search-killed.json" 2>"$folder/search-killed.log" &
search_id=$!
python3 "$tools/wait_for_line.py" '^epoch=1 ' "$folder/search" || fail "no trial began: $(tail -n 3 "$folder/search-killed.log")"
kill -KILL "$search_id"
wait "$search_id" 2>/dev/null || true
# What was killed may still save its work and hold its folder, here until somebody waits for it.
second=$(echo "$folder"/search/search-*)/trial-02
mkdir -p "$second"
flock "$second/.model.lock" \
  python3 "$tools/wait_for_line.py" 'waiting up to' "$folder/search" &
holder=$!
"${search[@]}" >"$folder/search.json" 2>"$folder/search.log" || { tail "$folder/search.log"; fail "tune local"; }
wait "$holder" || fail "no trial waited for the folder that another process holds"
python3 "$tools/tutorial_search.py" "$folder/search.json" 4 || {
  tail -n 3 "$folder"/search/search-*/trial-*/training.log
  cat "$folder/search.json"
  fail "the search"
}
[[ -z "$(find "$folder/search" -name 'features*' -type f)" ]] || fail "a finished search left its cache"
# The same command only reads what is there; other photographs are another search.
"${search[@]}" >"$folder/search-again.json" 2>"$folder/search-again.log"
cmp "$folder/search.json" "$folder/search-again.json" || fail "the finished search is another one the second time"

make_venv moto 'moto[server]==5.2.1' boto3==1.44.5
moto_port=$(free_port)
start_server moto-tutorial "http://127.0.0.1:$moto_port/moto-api/" "$work/venv-moto/bin/moto_server" -H 127.0.0.1 -p "$moto_port"
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1 AWS_ENDPOINT_URL=http://127.0.0.1:$moto_port
"$work/venv-moto/bin/python" - "$folder/trained/model.tar.gz" <<'PYTHON'
import os, sys
import boto3

s3 = boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL"], region_name="us-east-1")
s3.create_bucket(Bucket="models")
s3.upload_file(sys.argv[1], "models", "model.tar.gz")
PYTHON
"$inferencectl" endpoint create --endpoint-name dogs --model-data s3://models/model.tar.gz \
  --role arn:aws:iam::123456789012:role/hosting --dry-run --labels "$folder/labels.txt" >"$folder/create.txt" ||
  fail "endpoint create --dry-run"
[[ "$(grep -c 'would send' "$folder/create.txt")" = 3 ]] || { cat "$folder/create.txt"; fail "the plan of endpoint create"; }
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_REGION AWS_ENDPOINT_URL

port=$(free_port)
start_server torchserve-tutorial "http://127.0.0.1:$port/ping" "$python" "$tools/serve.py" "$folder/trained/model.tar.gz" \
  "$folder/serving" "$port" "$(free_port)" "$(free_port)" "$(free_port)"
"$python" "$tools/served.py" events "http://127.0.0.1:$port" "$folder/trained/report.json" \
  "$folder/serving/model/labels.txt" "$local_invoke" "$folder" || fail "local-invoke"
passed "first epoch after $seconds s; a page, light and dark, without a request; a search of 4 trials that was killed and continued; endpoint create planned; local-invoke names the classes of the report"
