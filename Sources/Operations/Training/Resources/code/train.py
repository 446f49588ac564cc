"""Trains an image classifier: in a SageMaker PyTorch container (script mode), on an EC2 machine, on this one.

    python train.py --train PHOTOGRAPHS --model-dir MODEL --epochs 20 --architecture efficientnet_lite0 --freeze-backbone

PHOTOGRAPHS holds a folder of photographs for each class (or another layout of layout.py). In a container the folders come
from SM_CHANNEL_TRAIN (or SM_CHANNEL_TRAINING), SM_CHANNEL_VALIDATION, SM_CHANNEL_TEST, SM_CHANNEL_WEIGHTS, SM_MODEL_DIR and
SM_OUTPUT_DATA_DIR, and hyperparameters come as arguments. Checkpoints go to /opt/ml/checkpoints where that is; the same
command, run again, continues from there.

Exit status: 0 trained; 1 it could not; 2 wrong arguments; 3 the memory is too small for --batch-size; 143 or 130 interrupted,
run it again to continue.
"""

import argparse
import json
import os
import pathlib
import sys

import files
import folders

# Before CUDA starts: without it cuBLAS is not deterministic.
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")

ARCHITECTURES = json.loads((pathlib.Path(__file__).parent / "architectures.json").read_text(encoding="utf-8"))["architectures"]
SAGEMAKER_CHECKPOINTS = pathlib.Path("/opt/ml/checkpoints")


def boolean(text):
    """SageMaker passes every hyperparameter with a value."""
    values = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if text.lower() not in values:
        raise argparse.ArgumentTypeError(f"{text!r} is neither true nor false")
    return values[text.lower()]


def number(kind, minimum, maximum, above=False):
    """A type for argparse: a finite number in this range; `above`: the minimum itself is excluded."""

    def parse(text):
        try:
            # "2.0" and "1e3" are whole; a float has not all digits of a large seed.
            value = int(float(text)) if kind is int and not text.strip().lstrip("+-").isdecimal() and float(text).is_integer() else kind(text)
        except (ValueError, OverflowError):
            raise argparse.ArgumentTypeError(f"{text!r} is no {'whole ' if kind is int else ''}number") from None
        if not minimum <= value <= maximum or (above and value == minimum):
            raise argparse.ArgumentTypeError(f"{text} is not {'above' if above else 'at least'} {minimum} and at most {maximum}")
        return value

    return parse


def arguments(values=None, environment=os.environ):
    channel = lambda name: environment.get(f"SM_CHANNEL_{name}")  # noqa: E731
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], allow_abbrev=False)
    add = parser.add_argument
    add("--architecture", choices=sorted(ARCHITECTURES), default="resnet50")
    add("--freeze-backbone", type=boolean, nargs="?", const=True, default=False, help="train the head alone, on features computed once")
    add("--epochs", type=number(int, 1, 10_000), default=20)
    add("--batch-size", type=number(int, 1, 4096), default=32)
    add("--learning-rate", type=number(float, 0, 10, above=True), default=0.01, help="of the first epoch; falls to 0 along a cosine")
    add("--momentum", type=number(float, 0, 0.9999), default=0.9)
    add("--weight-decay", type=number(float, 0, 1), default=1e-4)
    add("--patience", type=number(int, 0, 10_000), default=5, help="number of epochs without a lower validation loss after which to stop, for example 5; 0: never")
    add("--seed", type=number(int, 0, 2**63 - 1), default=0)
    add("--validation-fraction", type=number(float, 0, 0.5), default=0.15, help="of each class, where no validation folder is given")
    add("--test-fraction", type=number(float, 0, 0.5), default=0.15)
    add("--class-weights", choices=("none", "balanced"), default="none", help="balanced: rare classes count as much as frequent ones")
    add("--calibrate", type=boolean, nargs="?", const=True, default=True, help="fit the temperature of the probabilities on validation")
    add("--weights", default=None, metavar="FILE", help="pretrained weights; none: begin at random")
    add("--train", default=channel("TRAIN") or channel("TRAINING"), metavar="DIR")
    add("--validation", default=channel("VALIDATION"), metavar="DIR")
    add("--test", default=channel("TEST"), metavar="DIR")
    add("--model-dir", default=environment.get("SM_MODEL_DIR"), metavar="DIR")
    add("--output-dir", default=environment.get("SM_OUTPUT_DATA_DIR"), metavar="DIR", help="where report.json goes")
    add("--checkpoint-dir", default=str(SAGEMAKER_CHECKPOINTS) if SAGEMAKER_CHECKPOINTS.is_dir() else None, metavar="DIR")
    add("--feature-cache", default=None, metavar="DIR", help="keeps a frozen backbone's features for other runs; without it they are in --checkpoint-dir until this run has succeeded")
    add("--archive", default=None, metavar="FILE", help="packs the model's folder too, as SageMaker does by itself")
    add("--device", choices=("auto", "cpu", "gpu"), default="auto")
    add("--workers", type=number(int, 0, 256), default=int(environment.get("SM_NUM_CPUS") or os.cpu_count() or 1), help="processes that load photographs")
    add("--check", action="store_true", help="print how the folders are understood, as JSON, and stop")
    # A tuning job may hand its objective's name to the script.
    add("--_tuning_objective_metric", help=argparse.SUPPRESS)
    parsed = parser.parse_args(values)
    if not parsed.train:
        parser.error("--train DIR is missing (in a container: the channel train)")
    if not parsed.model_dir and not parsed.check:
        parser.error("--model-dir DIR is missing (in a container: SM_MODEL_DIR)")
    if parsed.weights is None and channel("WEIGHTS"):
        files = [path for path in sorted(pathlib.Path(channel("WEIGHTS")).iterdir()) if path.is_file()]
        if len(files) != 1:
            parser.error(f"the channel weights holds {len(files)} files, not one")
        parsed.weights = str(files[0])
    return parsed


def understood_by(options):
    """The folders as layout.py understands them: (layout.Understood, folder of each given split)."""
    given = {"train": options.train, "validation": options.validation, "test": options.test}
    outputs = (options.model_dir, options.output_dir, options.checkpoint_dir, options.feature_cache)
    return folders.understand(given, (options.validation_fraction, options.test_fraction), outputs)


def check(options):
    """Prints what the folders hold as JSON and returns the exit status."""
    try:
        answer, status = understood_by(options)[0].verdict(), 0
    except folders.DataError as error:
        answer, status = {"refusal": str(error)}, 1
    print(json.dumps(answer, ensure_ascii=False))
    return status


def train(options):
    """Everything that can be known before the epochs is found out first; torch, which takes seconds to load, comes after."""
    understood, given = understood_by(options)
    for line in understood.lines():
        print(line, flush=True)
    if options.archive and pathlib.Path(options.archive).is_dir():
        raise files.FileError(f"{options.archive} cannot be written: it is a folder")
    _require_own_model_dir(options)
    places = [options.model_dir, options.output_dir, options.checkpoint_dir, options.feature_cache]
    files.require_writable([*filter(None, places), *([pathlib.Path(options.archive).absolute().parent] if options.archive else [])])
    with files.locked(options.model_dir):
        return attempt(options, understood, given)


def _require_own_model_dir(options):
    """All that is in the model's folder is packed and served: neither photographs nor the archive may be in it."""
    model = pathlib.Path(options.model_dir).resolve()
    inside = {"--train": options.train, "--validation": options.validation, "--test": options.test, "--archive": options.archive}
    for name, path in inside.items():
        resolved = pathlib.Path(path).resolve() if path else None
        if resolved and (resolved == model or model in resolved.parents):
            raise files.FileError(f"{name} {path} is in --model-dir {options.model_dir}, all of which is packed as the model: use a folder of its own")


def attempt(options, understood, given):
    import torch

    import networks
    import run
    import training_loop

    interruption = training_loop.Interruption()
    try:
        with interruption.watched():
            run.train(options, understood, given, interruption)
    except (networks.WeightsError, training_loop.TrainingError) as error:
        return fail(error)
    except training_loop.Interrupted as reason:
        kept = f"the checkpoint in {options.checkpoint_dir} holds what was finished" if options.checkpoint_dir else "without --checkpoint-dir nothing is kept"
        print(f"interrupted by {reason}: {kept}", file=sys.stderr)
        return 128 + interruption.signal
    except (networks.MemoryTooSmall, torch.cuda.OutOfMemoryError, MemoryError) as error:
        return fail(f"the memory is too small for --batch-size {options.batch_size}: {error}", 3)
    except RuntimeError as error:
        if "can't allocate memory" not in str(error):
            raise
        return fail(f"the memory is too small for --batch-size {options.batch_size}: {str(error).splitlines()[0]}", 3)
    return 0


def fail(reason, status=1):
    print(f"error: {reason}", file=sys.stderr)
    return status


def main():
    for stream in (sys.stdout, sys.stderr):
        # A file's name may have bytes that are not UTF-8.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    options = arguments()
    try:
        return check(options) if options.check else train(options)
    except (folders.DataError, files.FileError) as error:
        return fail(error)
    except OSError as error:
        return fail(f"{error.filename}: {error.strerror}" if error.filename else error)
    except KeyboardInterrupt:
        # Before there is anything to save: `attempt` has a handler of its own.
        return fail("interrupted before the first epoch", 130)


if __name__ == "__main__":
    sys.exit(main())
