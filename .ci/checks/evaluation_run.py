"""`inferencectl evaluate` with the built-in model on dog photographs that packages ship: this project's, and those of
Debian's gcompris-qt-data (free licenses, named in it).

    evaluation_run.py PROGRAMS GCOMPRIS.deb FOLDER

Writes FOLDER/pages/dogs.html and FOLDER/dogs.json.
"""

import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).parent / "training"))
import qt_resources  # noqa: E402

OWN = pathlib.Path("events/objects/dog-photos/uploads")
LABELS = {"Schäferhund Rex.jpg": "235.German_shepherd", "husky-mix-with-bicycle.jpg": "malamute", "mixed-breed.jpg": "mixed breed"}
# Pieces of one golden retriever, some with hardly anything of it: the model must be unsure of these, and wrong about
# some.
PIECES = "gcompris/src/activities/babyshapes/resource/dog"
DRAWINGS = "gcompris/src/activities/lang/resource/words_sample/"
NOT_A_PHOTOGRAPH = "dog1/dog.webp"
LIMIT_SECONDS = 300


def main():
    programs, package, folder = map(pathlib.Path, sys.argv[1:])
    photographs = folder / "dogs"
    prepare(package, photographs)
    command = [programs / "inferencectl", "evaluate", photographs]
    total = sum(1 for _ in photographs.rglob("*.jpg"))
    kept = folder / "answers.jsonl"
    interrupt([*command, "--answers", kept], kept)
    before = len(kept.read_text().splitlines())
    page = folder / "pages" / "dogs.html"
    whole = json.loads(run([*command, "--answers", kept, "--report", page, "--output", "json"], 0).stdout)
    lines = [json.loads(line)["evaluation"]["key"] for line in kept.read_text().splitlines()]
    expect(len(lines) == len(set(lines)) == total, f"{before} answers were kept, and {total - before} asked for")
    (folder / "dogs.json").write_text(json.dumps(whole))
    check_figures(whole, total)
    check_verdicts(command, folder, whole)
    print(f"ok: {whole['top1']['count']} of {whole['top1']['total']} dog photographs are classified correctly")


def prepare(package, photographs):
    with tempfile.TemporaryDirectory() as temporary:
        unpacked = pathlib.Path(temporary)
        subprocess.run(["dpkg", "-x", package, unpacked], check=True)
        for name, prefix in (("babyshapes", PIECES), ("lang", DRAWINGS + "dog.webp"), ("lang", DRAWINGS + "wolf.webp")):
            collection = qt_resources.Collection((unpacked / f"usr/share/gcompris-qt/rcc/{name}.rcc").read_bytes())
            qt_resources.extract(collection, prefix, unpacked)
        for number, path in enumerate(sorted((unpacked / "gcompris").rglob("*.webp"))):
            if str(path).endswith(NOT_A_PHOTOGRAPH):
                continue
            label = "drawing" if "words_sample" in str(path) else "207.golden_retriever"
            target = photographs / label / f"{number:02}-{path.parent.name}-{path.stem}.jpg"
            target.parent.mkdir(parents=True, exist_ok=True)
            image = Image.open(path).convert("RGBA")
            flat = Image.new("RGB", image.size, "white")
            flat.paste(image, mask=image)
            flat.save(target, quality=92, exif=place_of_home())
    for name, label in LABELS.items():
        target = photographs / label / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(OWN / name, target)


def place_of_home():
    """What a telephone writes, and no page may repeat."""
    exif = Image.Exif()
    exif[0x010E] = "at home, 50.0N 14.0E"
    return exif.tobytes()


def run(command, status):
    result = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=LIMIT_SECONDS)
    if result.returncode != status:
        sys.exit(f"status {result.returncode}, expected {status}: {result.stderr}")
    return result


def interrupt(command, kept):
    """Ctrl-C as soon as there are three answers."""
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + LIMIT_SECONDS
    while not kept.exists() or kept.read_bytes().count(b"\n") < 3:
        if process.poll() is not None or time.monotonic() > deadline:
            sys.exit(f"the evaluation ended before it was interrupted: {process.stderr.read()}")
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=LIMIT_SECONDS)
    # On a fast machine everything may be answered already.
    expect(process.returncode in (0, 1), "an interrupted evaluation ends")
    expect(process.returncode == 0 or "Interrupted after" in errors, "the interruption is reported")


def check_figures(whole, total):
    unmatched = {entry["label"]: entry["count"] for entry in whole["unmatchedLabels"]}
    expect(unmatched == {"drawing": 2, "mixed breed": 1}, "labels that are not breeds are listed")
    expect(whole["top1"]["total"] == total - 3, "and not counted")
    classes = {entry["key"]: entry["class"] for entry in whole["photographs"]}
    expect(classes["235.German_shepherd/Schäferhund Rex.jpg"] == "German shepherd", "Rex is a German shepherd")
    expect(classes["malamute/husky-mix-with-bicycle.jpg"] == "malamute", "the husky's mix looks like a malamute")
    expect(0 < whole["top1"]["count"] < whole["top1"]["total"], "the model is right and wrong")
    expect(all(entry["endpointMilliseconds"] > 0 and entry["functionMilliseconds"] > 0 for entry in whole["photographs"]),
           "each photograph has its times")


def check_verdicts(command, folder, whole):
    old = folder / "dogs.json"
    again = json.loads(run([*command, "--concurrency", "2", "--compare", old, "--max-flips", "0", "--output", "json"], 0).stdout)
    expect(again["comparison"]["flips"]["count"] == 0 and again["comparison"]["mcnemar"]["p"] == 1,
           "the same model twice changes nothing")
    failed = run([*command, "--fail-below", "0.99"], 4)
    expect("less than --fail-below 99 %" in failed.stderr, "a model below the limit ends with status 4")
    other = json.loads(json.dumps(whole))
    for entry in other["photographs"][:2]:
        entry["class"] = "pug"
    changed = folder / "changed.json"
    changed.write_text(json.dumps(other))
    flips = run([*command, "--compare", changed, "--max-flips", "2%"], 4)
    expect("have another class, more than --max-flips 2 %" in flips.stderr, "too many changes end with status 4")


def expect(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")
    print(f"ok: {what}")


main()
