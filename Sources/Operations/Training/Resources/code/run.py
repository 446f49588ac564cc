"""One training: photographs, network, epochs, calibration, the model's folder, the report."""

import collections
import json
import pathlib
import platform
import time

import torch

import artifact
import calibration
import checkpoints
import dataset
import evaluation
import files
import networks
import training_loop

# Above it, the classes of a folder count as unbalanced.
BALANCED_RATIO = 3


def say(text):
    print(text, flush=True)


def train(options, understood, folders, interruption):
    """The folders are already understood. Writes the model's folder, and what else the options name."""
    started = time.monotonic()
    _seed_everything(options.seed)
    gpu_count = networks.gpus_of_this_machine()
    device = networks.device(gpu_count, options.device)
    _check_memory(options, device)
    photographs = _photographs(options, understood, folders)
    interruption.check()
    network = networks.build(options.architecture, len(photographs.classes))
    weights = "none" if options.weights == "none" else networks.load_pretrained(network, options.architecture, options.weights)
    if options.freeze_backbone:
        network.freeze_backbone()
    say(f"{options.architecture} on {device.type}{f' ({gpu_count} GPUs)' if gpu_count > 1 else ''}, weights: {weights}")
    _check_space(options, network)
    settings = training_loop.Settings(
        options.epochs, options.batch_size, options.learning_rate, options.momentum, options.weight_decay, options.patience, options.seed, options.workers,
        _class_weights(options, photographs),
    )
    features = options.feature_cache or options.checkpoint_dir
    trainer = training_loop.Trainer(network, photographs, networks.preprocessing_of(options.architecture), settings, device, interruption, features)
    kept = checkpoints.Checkpoints(options.checkpoint_dir, checkpoints.key(_decisive(options, photographs, weights, device))) if options.checkpoint_dir else None
    trainer.run(say, kept)
    _finish(options, understood, trainer, photographs, weights, started)
    if kept:
        kept.remove()
        if trainer.feature_files and not options.feature_cache:
            trainer.feature_files.remove()


def _seed_everything(seed):
    torch.manual_seed(seed)
    torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = True, False
    # A few CUDA kernels have no deterministic form; a warning is enough.
    torch.use_deterministic_algorithms(True, warn_only=True)


def _check_memory(options, device):
    if device.type != "cuda" or options.freeze_backbone:
        return
    total = min(torch.cuda.get_device_properties(number).total_memory for number in range(torch.cuda.device_count()))
    largest = networks.largest_batch(options.architecture, total) * torch.cuda.device_count()
    if options.batch_size > largest:
        raise networks.MemoryTooSmall(
            f"{options.architecture} takes at most {largest} with {torch.cuda.device_count()} GPUs of {total / 1e9:.0f} GB"
        )


def _check_space(options, network):
    """Weights in the model's folder, in the archive, and in two checkpoints with the best and the momentum."""
    state = sum(tensor.numel() * tensor.element_size() for tensor in network.state_dict().values())
    trained = sum(parameter.numel() * parameter.element_size() for parameter in network.parameters() if parameter.requires_grad)
    files.require_space(options.model_dir, 2 * state)
    if options.archive:
        files.require_space(pathlib.Path(options.archive).absolute().parent, state)
    if options.checkpoint_dir:
        files.require_space(options.checkpoint_dir, 9 * trained)


def _photographs(options, understood, folders):
    photographs = dataset.load(understood, folders, options.seed, options.workers)
    for path, _, reason in photographs.skipped:
        say(f"skipped {path}: {reason}")
    sizes = ", ".join(f"{len(photographs.splits[split])} {split}" for split in dataset.SPLITS)
    say(f"photographs: {sizes}; {len(photographs.classes)} classes; {len(photographs.skipped)} files skipped, {photographs.duplicates} duplicates left out")
    return photographs


def _class_weights(options, photographs):
    """Each class counts as much as any other: inverse to its number of photographs, 1 on average over photographs."""
    counts = collections.Counter(photograph.label for photograph in photographs.splits["train"])
    if options.class_weights == "none":
        if max(counts.values()) > BALANCED_RATIO * min(counts.values()):
            say(f"the classes are unbalanced, {min(counts.values())} to {max(counts.values())} photographs for training: try --class-weights balanced")
        return None
    return tuple(sum(counts.values()) / (len(counts) * counts[label]) for label in range(len(photographs.classes)))


def _decisive(options, photographs, weights, device):
    """Whatever is different in another run's result."""
    names = ("architecture", "freeze_backbone", "epochs", "batch_size", "learning_rate", "momentum", "weight_decay", "patience", "seed", "class_weights")
    code = {path.name: path.read_text(encoding="utf-8") for path in sorted(pathlib.Path(__file__).parent.glob("*.py"))}
    return [{name: getattr(options, name) for name in names}, photographs.classes, photographs.digest(), weights, device.type, str(torch.__version__), code]


def _finish(options, understood, trainer, photographs, weights, started):
    """Calibration, and the only look at the test photographs; then the model's folder and the report."""
    say(f"best_epoch={trainer.best_epoch} best_loss={trainer.best_loss:.6f}")
    labels = {split: torch.tensor([photograph.label for photograph in photographs.splits[split]]) for split in dataset.SPLITS}
    validation = trainer.evaluate("validation")[2]
    temperature = calibration.temperature(validation, labels["validation"]) if options.calibrate else 1.0
    measured = {"fitted_on": "validation", "photographs": len(labels["validation"]), "test": None}
    measured["validation"] = calibration.before_and_after(validation, labels["validation"], temperature)
    test = None
    if photographs.splits["test"]:
        loss, accuracy, logits = trainer.evaluate("test")
        say(f"test_loss={loss:.6f} test_accuracy={accuracy:.6f} test_photographs={len(logits)}")
        test = evaluation.of_test(photographs.splits["test"], photographs.classes, logits / temperature, loss)
        measured["test"] = calibration.before_and_after(logits, labels["test"], temperature)
        low, high = test["interval"]
        errors = [measured["test"][when]["ece"] for when in ("before", "after")]
        say(f"95 % interval of the accuracy: {low:.3f} to {high:.3f}; calibration error of test {errors[0]:.3f}, with temperature {temperature:g} {errors[1]:.3f}")
    artifact.save(options.model_dir, trainer.network, options.architecture, photographs.classes, temperature)
    if options.archive:
        artifact.pack(options.model_dir, options.archive)
    if options.output_dir:
        results = {"weights": weights, "temperature": temperature, "calibration": measured, "test": test}
        report = {**_about(options, understood, trainer, photographs), **results, "seconds": time.monotonic() - started}
        files.write({pathlib.Path(options.output_dir) / "report.json": json.dumps(report, indent=1).encode() + b"\n"})
    say(f"the model is in {options.archive or options.model_dir}")


def _about(options, understood, trainer, photographs):
    """The report without its results."""
    class_weights = trainer.settings.class_weights
    return {
        "format": 2,
        "arguments": {name: value for name, value in vars(options).items() if not name.startswith("_")},
        "layout": understood.verdict(),
        "classes": photographs.counts(),
        "skipped": [{"file": str(path), "reason": reason} for path, _, reason in photographs.skipped],
        "duplicates": photographs.duplicates,
        "history": trainer.history,
        "best_epoch": trainer.best_epoch,
        "class_weights": dict(zip(photographs.classes, class_weights)) if class_weights else None,
        # With a frozen backbone nearly all of the time; an epoch's images_per_second is then of features.
        "feature_seconds": trainer.feature_seconds,
        "torch": str(torch.__version__),
        "python": platform.python_version(),
        "device": torch.cuda.get_device_name() if trainer.device.type == "cuda" else "cpu",
    }
