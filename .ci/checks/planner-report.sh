#!/usr/bin/env bash
# `inferencectl plan` as a process: its report in headless Chromium at three widths, light and dark (planner_report.py
# looks at the pictures), and --from-cloudwatch against moto, with metrics that boto3 put there (planner_cloudwatch.py).
# Needs a finished `swift build --build-tests`. The pictures stay in .build-ci/planner-report.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

install_chromium
make_venv pillow pillow==12.0.0
make_venv moto 'moto[server]==5.2.1' boto3==1.44.5
inferencectl=.build/debug/inferencectl
pictures=$work/planner-report
rm -rf "$pictures"
mkdir -p "$pictures/profile"

# Three hours with a rush, so that cold starts, provisioned concurrency and the endpoint's queue all show.
python3 - >"$pictures/trace.csv" <<'PYTHON'
import datetime
import math

print("time,count")
start = datetime.datetime(2026, 11, 22, 8)
for minute in range(180):
    count = round(20 + 160 * math.exp(-(((minute - 90) / 20) ** 2)))
    print(f"{start + datetime.timedelta(minutes=minute)},{count}")
PYTHON
"$inferencectl" plan "$pictures/trace.csv" --source http --duration 40ms --init 3s --idle-lifetime 60s \
  --service-time exponential:150ms --slo p99=1200ms --present reserved=3,instances=2 --what-if provisioned=5,instances=1 \
  --report "$pictures/plan.html" >"$pictures/plan.txt" ||
  fail "plan --report ended with status $?"

# show NAME SETTING WIDTH: a picture in one scheme; everything that the browser asks for is in the net log.
show() {
  timeout 120 chromium "${chromium_options[@]}" \
    --user-data-dir="$pictures/profile" --blink-settings="preferredColorScheme=$2" --window-size="$3,3600" \
    --enable-logging=stderr --log-net-log="$pictures/$1-net.json" --screenshot="$pictures/$1.png" \
    "file://$pictures/plan.html" >"$pictures/$1.log" 2>&1 || fail "chromium: see .build-ci/planner-report/$1.log"
  if grep -F CONSOLE "$pictures/$1.log"; then fail "the page has something to say on the console"; fi
}
for width in 400 800 1600; do
  show "light-$width" 1 "$width"
  show "dark-$width" 0 "$width"
done
"$work/venv-pillow/bin/python" .ci/checks/planner_report.py "$pictures" || fail "see above"

moto_port=$(free_port)
start_server moto-cloudwatch "http://127.0.0.1:$moto_port/moto-api/" \
  "$work/venv-moto/bin/moto_server" -H 127.0.0.1 -p "$moto_port"
"$work/venv-moto/bin/python" .ci/checks/planner_cloudwatch.py "http://127.0.0.1:$moto_port" "$inferencectl" ||
  fail "see above"
passed "a report drawn at 400, 800 and 1,600 px, light and dark, without a request or a message; traffic from CloudWatch as boto3 put it into moto"
