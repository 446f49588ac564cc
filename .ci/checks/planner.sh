#!/usr/bin/env bash
# The capacity planner against a second simulator that was written from AWS's documents (planner_oracle.py, 200 random
# configurations request by request) and against simfaas 0.2.2 on the same arrivals (planner_simfaas.py), and how fast
# it is. Speed is printed and never fails the check.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

# Without what simfaas only plots with.
make_venv simfaas --no-deps simfaas==0.2.2 numpy==2.4.6 tqdm==4.67.1
own=Tests/CapacityPlannerTests/Traces
traces=("$own/arrivals.csv")
public=../shared/traces/AzureLLMInferenceTrace_conv.csv
[[ ! -f "$public" ]] || traces+=("$public")
rm -f "$work/simfaas.json"
"$work/venv-simfaas/bin/python" .ci/checks/planner_simfaas.py "$work/simfaas.json" "${traces[@]}"
export SIMFAAS_RESULTS=$work/simfaas.json
run_tests '^CapacityPlannerTests\.SimfaasTests/coldStartsAre' 1

simfaas_summary=$test_summary
python3 .ci/checks/planner_oracle.py "$work/planner-oracle.json"
export PLANNER_ORACLE=$work/planner-oracle.json
run_tests '^CapacityPlannerTests\.OracleTests/' 2

# A build folder of its own, so that the debug build stays as it is.
swift build -c release --product planner-speed --scratch-path .build-release >"$work/planner-build.log" 2>&1 || {
  tail -n 20 "$work/planner-build.log"
  fail "planner-speed does not build"
}
trace=../shared/traces/elb_request_count_8c0756.csv
[[ -f "$trace" ]] || trace=$own/request-count.csv
for durations in constant exponential; do
  echo "$trace times 100, $durations durations:"
  .build-release/release/planner-speed "$trace" simulate 100 "$durations"
done
echo "the search on it:"
.build-release/release/planner-speed "$trace" search
passed "simfaas counts the same cold starts, $simfaas_summary; the second simulator agrees, $test_summary"
