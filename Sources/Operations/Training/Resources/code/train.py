"""Trains an image classifier: in a SageMaker PyTorch container (script mode), on an EC2 machine, on this one.

    python train.py --train PHOTOGRAPHS --model-dir MODEL --epochs 20 --architecture efficientnet_lite0 --freeze-backbone

PHOTOGRAPHS holds a folder of photographs for each class (or another layout of dataset.py). In a container the folders come
from SM_CHANNEL_TRAIN (or SM_CHANNEL_TRAINING), SM_CHANNEL_VALIDATION, SM_CHANNEL_TEST, SM_CHANNEL_WEIGHTS, SM_MODEL_DIR and
SM_OUTPUT_DATA_DIR, and hyperparameters come as arguments. Checkpoints go to /opt/ml/checkpoints where that is; the same
command, run again, continues from there.

Exit status: 0 trained; 1 it could not; 2 wrong arguments; 143 or 130 interrupted, run it again to continue.
"""

import argparse
import json
import os
import pathlib
import platform
import sys
import time

# Before CUDA starts: without it cuBLAS is not deterministic.
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")

import torch  # noqa: E402

import artifact  # noqa: E402
import dataset  # noqa: E402
import networks  # noqa: E402
import training_loop  # noqa: E402

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
            value = kind(float(text)) if kind is int and float(text).is_integer() else kind(text)
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
    add("--architecture", choices=sorted(networks.ARCHITECTURES), default="resnet50")
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
    add("--weights", default=None, metavar="FILE", help="pretrained weights; none: begin at random")
    add("--train", default=channel("TRAIN") or channel("TRAINING"), metavar="DIR")
    add("--validation", default=channel("VALIDATION"), metavar="DIR")
    add("--test", default=channel("TEST"), metavar="DIR")
    add("--model-dir", default=environment.get("SM_MODEL_DIR"), metavar="DIR")
    add("--output-dir", default=environment.get("SM_OUTPUT_DATA_DIR"), metavar="DIR", help="where report.json goes")
    add("--checkpoint-dir", default=str(SAGEMAKER_CHECKPOINTS) if SAGEMAKER_CHECKPOINTS.is_dir() else None, metavar="DIR")
    add("--feature-cache", default=None, metavar="DIR", help="keeps a frozen backbone's features for other runs")
    add("--archive", default=None, metavar="FILE", help="packs the model's folder too, as SageMaker does by itself")
    add("--device", choices=("auto", "cpu", "gpu"), default="auto")
    add("--workers", type=number(int, 0, 256), default=int(environment.get("SM_NUM_CPUS") or os.cpu_count() or 1), help="processes that load photographs")
    # A tuning job may hand its objective's name to the script.
    add("--_tuning_objective_metric", help=argparse.SUPPRESS)
    parsed = parser.parse_args(values)
    if not parsed.train:
        parser.error("--train DIR is missing (in a container: the channel train)")
    if not parsed.model_dir:
        parser.error("--model-dir DIR is missing (in a container: SM_MODEL_DIR)")
    if parsed.weights is None and channel("WEIGHTS"):
        files = [path for path in sorted(pathlib.Path(channel("WEIGHTS")).iterdir()) if path.is_file()]
        if len(files) != 1:
            parser.error(f"the channel weights holds {len(files)} files, not one")
        parsed.weights = str(files[0])
    return parsed


def say(text):
    print(text, flush=True)


def seed_everything(seed):
    torch.manual_seed(seed)
    torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = True, False
    # A few CUDA kernels have no deterministic form; a warning is enough.
    torch.use_deterministic_algorithms(True, warn_only=True)


def photographs_of(options):
    folders = {"train": options.train, "validation": options.validation, "test": options.test}
    photographs = dataset.load(folders, options.seed, (options.validation_fraction, options.test_fraction), options.workers)
    for path, reason in photographs.skipped:
        say(f"skipped {path}: {reason}")
    sizes = ", ".join(f"{len(photographs.splits[split])} {split}" for split in dataset.SPLITS)
    say(f"photographs: {sizes}; {len(photographs.classes)} classes; {len(photographs.skipped)} broken files skipped, {photographs.duplicates} duplicates left out")
    return photographs


def fingerprint(options, photographs, weights):
    """What must be the same for a checkpoint to be gone on from."""
    names = ("architecture", "freeze_backbone", "epochs", "batch_size", "learning_rate", "momentum", "weight_decay", "patience", "seed")
    return {**{name.replace("_", " "): getattr(options, name) for name in names}, "photographs": photographs.digest(), "weights": weights}


def train(options, interruption):
    started = time.monotonic()
    seed_everything(options.seed)
    gpu_count = networks.gpus_of_this_machine()
    device = networks.device(gpu_count, options.device)
    photographs = photographs_of(options)
    interruption.check()
    network = networks.build(options.architecture, len(photographs.classes))
    weights = "none" if options.weights == "none" else networks.load_pretrained(network, options.architecture, options.weights)
    if options.freeze_backbone:
        network.freeze_backbone()
    say(f"{options.architecture} on {device.type}{f' ({gpu_count} GPUs)' if gpu_count > 1 else ''}, weights: {weights}")
    settings = training_loop.Settings(
        options.epochs, options.batch_size, options.learning_rate, options.momentum, options.weight_decay, options.patience, options.seed, options.workers
    )
    cache = pathlib.Path(options.feature_cache) if options.feature_cache else None
    trainer = training_loop.Trainer(network, photographs, networks.preprocessing_of(options.architecture), settings, device, interruption, cache)
    checkpoints = pathlib.Path(options.checkpoint_dir) if options.checkpoint_dir else None
    trainer.run(say, checkpoints, fingerprint(options, photographs, weights))
    finish(options, trainer, photographs, weights, time.monotonic() - started)


def finish(options, trainer, photographs, weights, seconds):
    """The only look at the test photographs; then the model's folder and the report."""
    say(f"best_epoch={trainer.best_epoch} best_loss={trainer.best_loss:.6f}")
    tested = trainer.evaluate("test") if photographs.splits["test"] else None
    if tested:
        say(f"test_loss={tested[0]:.6f} test_accuracy={tested[1]:.6f} test_photographs={len(photographs.splits['test'])}")
    artifact.save(options.model_dir, trainer.network, options.architecture, photographs.classes)
    if options.archive:
        artifact.pack(options.model_dir, options.archive)
    if options.output_dir:
        report = pathlib.Path(options.output_dir) / "report.json"
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(json.dumps(report_of(options, trainer, photographs, weights, tested, seconds), indent=1) + "\n", encoding="utf-8")
    say(f"the model is in {options.archive or options.model_dir}")


def report_of(options, trainer, photographs, weights, tested, seconds):
    test = None
    if tested:
        logits = tested[2].tolist()
        confusion = [[0] * len(photographs.classes) for _ in photographs.classes]  # [right class][predicted class]
        for photograph, row in zip(photographs.splits["test"], logits):
            confusion[photograph.label][row.index(max(row))] += 1
        test = {
            "loss": tested[0],
            "accuracy": tested[1],
            "confusion": confusion,
            "photographs": [
                {"file": str(p.path), "class": photographs.classes[p.label], "logits": row}
                for p, row in zip(photographs.splits["test"], logits)
            ],
        }
    return {
        "arguments": {name: value for name, value in vars(options).items() if not name.startswith("_")},
        "weights": weights,
        "classes": photographs.counts(),
        "skipped": [{"file": str(path), "reason": reason} for path, reason in photographs.skipped],
        "duplicates": photographs.duplicates,
        "history": trainer.history,
        "best_epoch": trainer.best_epoch,
        "test": test,
        # With a frozen backbone nearly all of the time; an epoch's images_per_second is then of features.
        "feature_seconds": trainer.feature_seconds,
        "seconds": seconds,
        "torch": str(torch.__version__),
        "python": platform.python_version(),
        "device": torch.cuda.get_device_name() if trainer.device.type == "cuda" else "cpu",
    }


def main():
    options = arguments()
    interruption = training_loop.Interruption()
    try:
        with interruption.watched():
            train(options, interruption)
    except (dataset.DataError, networks.WeightsError, training_loop.TrainingError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except training_loop.Interrupted as reason:
        kept = f"the checkpoint in {options.checkpoint_dir} holds what was finished" if options.checkpoint_dir else "without --checkpoint-dir nothing is kept"
        print(f"interrupted by {reason}: {kept}", file=sys.stderr)
        return 128 + interruption.signal
    except torch.cuda.OutOfMemoryError as error:
        print(f"error: the GPU's memory is too small for --batch-size {options.batch_size}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
