#!/usr/bin/env bash
# From labeled photographs to the endpoint that the function calls: train.py on 140 photographs of Debian's
# gcompris-qt-data by way of the EC2 user data, killed and resumed, and the same by AWS's training toolkit in a
# namespace without network; the model packed, served by the code of SageMaker's PyTorch containers
# (sagemaker-pytorch-inference and TorchServe), asked through local-invoke and the real bootstrap; an archive that
# cannot load. Before it the scripts' own tests. Needs a finished `swift build`; as root, or with sudo.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

resources=$PWD/Sources/Operations/Training/Resources
tools=$PWD/.ci/checks/training
folder=$work/training
rm -rf "$folder"
mkdir -p "$folder"

# shellcheck source=.ci/checks/training/environment.sh
source "$tools/environment.sh"

"$python" "$tools/photographs.py" "$package" "$photographs"
"$python" -W ignore -m unittest discover -s "$tools" >"$folder/unit-tests.log" 2>&1 || { tail -n 60 "$folder/unit-tests.log"; fail "the scripts' tests"; }
grep -q '^OK$' "$folder/unit-tests.log" || fail "tests were skipped: $(tail -n 1 "$folder/unit-tests.log")"
unit_tests=$(sed -n 's/^Ran \([0-9]*\) tests.*/\1/p' "$folder/unit-tests.log")
[[ "$unit_tests" -ge 103 ]] || fail "only ${unit_tests:-0} unit tests ran"

arguments="--architecture efficientnet_lite0 --freeze-backbone --epochs 30 --learning-rate 0.05 --test-fraction 0.25 --seed 0"

# ec2 NAME DATA [INTERPRETER]: the user data on this machine as if it were a new one; what would stop it leaves a file.
# Sets code.
ec2() {
  code=0
  rm -rf "$folder/$1-machine" "$folder/$1-stopped"
  env CODE_URI="$resources/code" DATA_URI="$2" OUTPUT_URI="$folder/$1" TRAINING_ARGUMENTS="$arguments" \
    PYTHON="${3:-$python}" WORK="$folder/$1-machine" STOP_COMMAND="touch $folder/$1-stopped" \
    bash "$resources/ec2-training.sh" >"$folder/$1.log" 2>&1 || code=$?
  [[ -e "$folder/$1-stopped" ]] || fail "$1: the machine would run on: $(tail -n 5 "$folder/$1.log")"
  cmp -s "$folder/$1/training.log" "$folder/$1-machine/training.log" || fail "$1: the log was not uploaded"
}

# ended NAME STATUS TEXT: it failed, said where and why.
ended() {
  if [[ $code = 0 ]] || ! grep -q "^$2 " "$folder/$1/status.txt" || ! grep -q "$3" "$folder/$1/training.log"; then
    tail -n 20 "$folder/$1.log"
    fail "$1 ended with $code, $(cat "$folder/$1/status.txt")"
  fi
}

ec2 trained "$photographs"
[[ $code = 0 && "$(cat "$folder/trained/status.txt")" = "trained (exit status 0)" ]] || { tail -n 20 "$folder/trained.log"; fail "the EC2 run ended with $code"; }
model=$folder/trained/model.tar.gz report=$folder/trained/report.json
grep -E '^(photographs|efficientnet|best_epoch|test_loss|95 %)' "$folder/trained.log"

ec2 without-data "$folder/nowhere"
ended without-data 'failed to fetch the photographs' 'nowhere'
mkdir -p "$folder/one-class"
cp -R "$photographs/fishes" "$folder/one-class/"
ec2 one-class-only "$folder/one-class"
ended one-class-only 'failed to train' 'only one class, fishes'

"$python" - "$report" <<'PYTHON' || fail "the model is not good enough"
import json, sys

test = json.load(open(sys.argv[1]))["test"]
largest = max(map(sum, test["confusion"])) / len(test["photographs"])
print(f"held-out accuracy {test['accuracy']:.3f} of {len(test['photographs'])} photographs (the largest class: {largest:.2f})")
sys.exit(test["accuracy"] < 0.85)
PYTHON

# The same in AWS's toolkit, which reads the hyperparameters from a file and the source from the channel `code`.
"$python" - "$arguments" >"$folder/hyperparameters.json" <<'PYTHON'
import json, sys

words = sys.argv[1].replace("--freeze-backbone", "--freeze-backbone true").split()
source = {"sagemaker_program": "train.py", "sagemaker_submit_directory": "/opt/ml/input/data/code/sourcedir.tar.gz", "sagemaker_region": "us-east-1"}
values = {**source, **{name[2:]: value for name, value in zip(words[::2], words[1::2])}}
# As CreateTrainingJob has them: each value is JSON.
print(json.dumps({name: value if value == "true" or value[0].isdigit() else json.dumps(value) for name, value in values.items()}))
PYTHON
(cd "$resources/code" && tar -czf "$folder/sourcedir.tar.gz" -- *.py *.json)
weights=$("$python" -c 'import sys; sys.path.insert(0, sys.argv[1]); import efficientnet_lite0; print(efficientnet_lite0.packaged_weights())' "$resources/code")
"${as_root[@]}" bash "$tools/container.sh" "$python" "$folder/sourcedir.tar.gz" "$photographs" "$weights" "$folder/job" "$folder/hyperparameters.json" \
  >"$folder/job.log" 2>&1 || { tail -n 20 "$folder/job.log"; fail "the job without network"; }
grep -q 'Reporting training SUCCESS' "$folder/job.log" || fail "the toolkit reports no success: $(tail -n 5 "$folder/job.log")"
! grep -q 'Installing dependencies' "$folder/job.log" || fail "the job installs packages"
[[ -s "$folder/job/output/data/report.json" && -z "$(ls -A "$folder/job/checkpoints")" ]] || fail "the job's folders are not as they should be"
for file in model.pth model.json labels.txt; do
  cmp "$folder/job/model/$file" "$folder/trained-machine/model/$file" || fail "one seed gave two models"
done

# An interpreter under which train.py kills itself after 16 batches, in the second epoch (the features take ten).
cat >"$folder/killing-python" <<SCRIPT
#!/bin/sh
case \$1 in */train.py) shift && set -- "$tools/interrupted.py" 16 "\$@" ;; esac
exec "$python" "\$@"
SCRIPT
chmod +x "$folder/killing-python"
ec2 killed "$photographs" "$folder/killing-python"
ended killed 'failed to train' '^epoch=1 '
[[ ! -e "$folder/killed/model.tar.gz" && -n "$(ls "$folder"/killed/checkpoints/checkpoint-*.pth "$folder"/killed/checkpoints/features-*.pth)" ]] || fail "the killed run's checkpoint was not kept"
ec2 killed "$photographs"
grep '^resumed after epoch 1 ' "$folder/killed.log" || fail "it did not resume: $(tail "$folder/killed.log")"
cmp "$model" "$folder/killed/model.tar.gz" || fail "killed and resumed gave another model"
[[ ! -e "$folder/killed/checkpoints" ]] || fail "the checkpoint of a finished run was kept"

port=$(free_port)
serving=$folder/serving
start_server torchserve "http://127.0.0.1:$port/ping" \
  "$python" "$tools/serve.py" "$model" "$serving" "$port" "$(free_port)" "$(free_port)" "$(free_port)"
url=http://127.0.0.1:$port
"$python" "$tools/served.py" answers "$url" "$report" || fail "TorchServe answers otherwise"
"$python" "$tools/served.py" events "$url" "$report" "$serving/model/labels.txt" "$(swift build --show-bin-path)/local-invoke" "$folder" ||
  fail "local-invoke"

# What the command serves itself, with the interpreter that it finds in PATH: the class of the report.
expected=$("$python" - "$report" "$serving/model/labels.txt" <<'PYTHON'
import json, sys

classes = open(sys.argv[2], encoding="utf-8").read().splitlines()
right = [photograph for photograph in json.load(open(sys.argv[1], encoding="utf-8"))["test"]["photographs"]
         if classes[photograph["logits"].index(max(photograph["logits"]))] == photograph["class"]]
print(right[0]["file"])
print(right[0]["class"])
PYTHON
)
PATH=$(dirname "$python"):$PATH "$(swift build --show-bin-path)/local-invoke" "$(head -n 1 <<<"$expected")" --model "$model" --output text \
  >"$folder/model-option.txt" 2>"$folder/model-option.log" || { tail -n 20 "$folder/model-option.log"; fail "local-invoke --model"; }
sed -n 2p "$folder/model-option.txt" | grep -qF "  $(tail -n 1 <<<"$expected") " ||
  { cat "$folder/model-option.txt"; fail "local-invoke --model does not name $expected first"; }

# All files are there, but the weights are another network's: TorchServe stays healthy, and only an invocation shows it.
"$python" "$tools/serve.py" --damage "$model" "$folder/damaged.tar.gz"
port=$(free_port)
start_server torchserve-damaged "http://127.0.0.1:$port/ping" \
  "$python" "$tools/serve.py" "$folder/damaged.tar.gz" "$folder/serving-damaged" "$port" "$(free_port)" "$(free_port)" "$(free_port)"
"$python" "$tools/served.py" dead "http://127.0.0.1:$port" "$report" || fail "the damaged archive"
passed "$unit_tests unit tests; EC2 run, killed and resumed run, and AWS's toolkit without network give one model; TorchServe 0.12.0 serves it to local-invoke; a damaged one is found by an invocation"
