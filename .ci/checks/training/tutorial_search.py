"""tutorial_search.py JSON TRIALS: the table of tune local: each trial once, best first, bad ones stopped early, one model."""

import json
import sys

trials = json.load(open(sys.argv[1]))
losses = [trial["loss"] for trial in trials]
completed = [trial for trial in trials if trial["status"] == "Completed"]
stopped = [trial for trial in trials if trial["status"] == "Stopped"]
assert len({trial["name"] for trial in trials}) == len(trials) == int(sys.argv[2]), trials
assert losses == sorted(losses) and None not in losses, losses
assert completed and len(completed) + len(stopped) == len(trials), trials
assert trials[0]["status"] == "Completed", trials[0]
assert all({"learning-rate", "batch-size"} == set(trial["parameters"]) for trial in trials), trials
print(f"{len(completed)} trials completed, {len(stopped)} stopped early; best loss {losses[0]:.4f}")
