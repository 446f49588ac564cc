"""Epochs: training, validation, the metric line, early stopping, checkpoints.

Everything random in an epoch follows from the seed and the epoch's number, so a run that was interrupted and resumed is
the run that was not (on one machine, with the same number of threads).
"""

import contextlib
import copy
import dataclasses
import hashlib
import json
import math
import os
import pathlib
import random
import signal
import sys
import time

import torch
from torch.nn import functional

import dataset

CHECKPOINT = "checkpoint.pth"


class TrainingError(RuntimeError):
    """Training cannot start or continue; the text contains what to change."""


class Interrupted(Exception):
    """SIGTERM or SIGINT came; the last epoch's checkpoint is there."""


@dataclasses.dataclass(frozen=True)
class Settings:
    epochs: int
    batch_size: int
    learning_rate: float
    momentum: float
    weight_decay: float
    patience: int  # epochs without a lower validation loss; 0: never stop early
    seed: int
    workers: int


class Interruption:
    """Remembers the first SIGTERM or SIGINT; `check` raises for it, between two batches."""

    def __init__(self):
        self.signal = None

    @contextlib.contextmanager
    def watched(self):
        handlers = {number: signal.signal(number, self._note) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield self
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def _note(self, number, frame):
        self.signal = number

    def check(self):
        if self.signal:
            raise Interrupted(signal.Signals(self.signal).name)


class Progress:
    """A bar on a terminal, nothing anywhere else."""

    def __init__(self, what, total, stream=sys.stderr):
        self.what, self.total, self.stream, self.shown = what, total, stream, stream.isatty()

    def show(self, done):
        if self.shown:
            filled = 30 * done // max(self.total, 1)
            self.stream.write(f"\r{self.what} {'█' * filled}{'░' * (30 - filled)} {done}/{self.total}")
            self.stream.flush()

    def close(self):
        if self.shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()


class Trainer:
    """Trains a network on photographs. `preparation` is the Preprocessing that it shares with the endpoint."""

    def __init__(self, network, photographs, preparation, settings, device, interruption, feature_cache=None):
        self.network, self.photographs, self.preparation = network.to(device), photographs, preparation
        self.settings, self.device, self.interruption = settings, device, interruption
        several = device.type == "cuda" and torch.cuda.device_count() > 1
        self.parallel = torch.nn.DataParallel(network) if several else network
        parameters = [p for p in network.parameters() if p.requires_grad]
        self.optimizer = torch.optim.SGD(parameters, settings.learning_rate, settings.momentum, weight_decay=settings.weight_decay)
        self.mixed_precision = device.type == "cuda"
        scaler = getattr(torch.amp, "GradScaler", None)  # torch 2.3; before, torch.cuda.amp's
        self.scaler = scaler("cuda", enabled=self.mixed_precision) if scaler else torch.cuda.amp.GradScaler(enabled=self.mixed_precision)
        self.history, self.best = [], None
        started = time.monotonic()
        self.features = self._features(feature_cache) if network.backbone_frozen else None
        self.feature_seconds = time.monotonic() - started

    # What is trained: the head alone when the backbone is frozen.
    @property
    def trained(self):
        return self.network.head if self.network.backbone_frozen else self.network

    @property
    def best_loss(self):
        return min((line["validation_loss"] for line in self.history), default=math.inf)

    @property
    def best_epoch(self):
        return next((line["epoch"] for line in self.history if line["validation_loss"] == self.best_loss), 0)

    def run(self, report, checkpoints=None, fingerprint=None):
        """Trains to the end, resuming where a checkpoint is; leaves the network with the best epoch's weights."""
        if checkpoints:
            self._resume(checkpoints / CHECKPOINT, fingerprint, report)
        while len(self.history) < self.settings.epochs and not self._stopped_early():
            line = self._epoch(len(self.history) + 1)
            if not math.isfinite(line["train_loss"]) or not math.isfinite(line["validation_loss"]):
                self._diverged(line, report)
                break
            better = line["validation_loss"] < self.best_loss
            self.history.append(line)
            if better:
                self.best = copy.deepcopy(self.trained.state_dict())
            report(metric_line(line, self.best_loss))
            if checkpoints:
                self._save(checkpoints / CHECKPOINT, fingerprint)
        if self._stopped_early() and len(self.history) < self.settings.epochs:
            report(f"stopped early: no lower validation loss in {self.settings.patience} epochs")
        self.trained.load_state_dict(self.best)

    def _stopped_early(self):
        patience = self.settings.patience
        return 0 < patience <= len(self.history) - self.best_epoch if self.history else False

    def _diverged(self, line, report):
        text = f"the loss of epoch {line['epoch']} is not a number: the learning rate {self.settings.learning_rate:g} is too high"
        if self.best is None:
            raise TrainingError(text)
        report(f"{text}; epoch {self.best_epoch} stays the best")

    def _epoch(self, epoch):
        started = time.monotonic()
        for group in self.optimizer.param_groups:
            group["lr"] = self.settings.learning_rate * (1 + math.cos(math.pi * (epoch - 1) / self.settings.epochs)) / 2
        torch.manual_seed(int.from_bytes(hashlib.sha256(f"{self.settings.seed} {epoch}".encode()).digest()[:6], "big"))
        self.network.train()
        count, loss_sum, right = 0, 0.0, 0
        for inputs, labels in self._batches(epoch):
            logits, loss = self._forward(inputs, labels)
            self.optimizer.zero_grad(set_to_none=True)
            self.scaler.scale(loss).backward()
            self.scaler.step(self.optimizer)
            self.scaler.update()
            count += len(labels)
            loss_sum += loss.item() * len(labels)
            right += (logits.argmax(1) == labels).sum().item()
            self.interruption.check()
        seconds = time.monotonic() - started
        validation_loss, validation_accuracy, _ = self.evaluate("validation")
        return {
            "epoch": epoch,
            "train_loss": loss_sum / count,
            "train_accuracy": right / count,
            "validation_loss": validation_loss,
            "validation_accuracy": validation_accuracy,
            "images_per_second": count / max(seconds, 1e-9),
        }

    def _forward(self, inputs, labels):
        with torch.autocast(self.device.type, enabled=self.mixed_precision):
            if self.features is not None:
                logits = self.network.classify(inputs)
            else:
                logits = self.parallel(inputs)
            return logits, functional.cross_entropy(logits, labels)

    def _batches(self, epoch):
        """(inputs or features, labels) of the training photographs, on the device, in the epoch's own order."""
        seed = self.settings.seed
        order = list(range(len(self.photographs.splits["train"])))
        random.Random(f"{seed} {epoch}").shuffle(order)
        if self.features is not None:
            features, labels = self.features["train"]
            for start in range(0, len(order), self.settings.batch_size):
                batch = order[start : start + self.settings.batch_size]
                mirrored = [int(dataset.augmentation(seed, epoch, index).mirrored) for index in batch]
                yield features[batch, mirrored], labels[batch]
            return
        view = lambda index: dataset.augmentation(seed, epoch, index)  # noqa: E731
        yield from self._loaded("train", f"epoch {epoch}", view, order)

    def _loaded(self, split, what, view=lambda index: None, order=None):
        views = dataset.Views(self.photographs.splits[split], self.preparation, view)
        progress, done = Progress(what, len(views)), 0
        for inputs, labels in dataset.loader(
            views, self.settings.batch_size, self.settings.workers, order, pin_memory=self.device.type == "cuda"
        ):
            yield inputs.to(self.device, non_blocking=True), labels.to(self.device, non_blocking=True)
            done += len(labels)
            progress.show(done)
        progress.close()

    @torch.no_grad()
    def evaluate(self, split):
        """Loss, accuracy and the logits of every photograph of a split, never augmented."""
        self.network.eval()
        batches, loss_sum, right = [], 0.0, 0
        if self.features is not None:
            features, answers = self.features[split]
            source = zip(features[:, 0].split(self.settings.batch_size), answers.split(self.settings.batch_size))
        else:
            source = self._loaded(split, split)
        for inputs, labels in source:
            logits, loss = self._forward(inputs, labels)
            loss_sum += loss.item() * len(labels)
            right += (logits.argmax(1) == labels).sum().item()
            batches.append(logits.float().cpu())
            self.interruption.check()
        logits = torch.cat(batches)
        return loss_sum / len(logits), right / len(logits), logits

    @torch.no_grad()
    def _features(self, cache):
        """The frozen backbone's features of each split, of the plain view and, for training, the mirrored one."""
        self.network.eval()
        table = {}
        for split, photographs in self.photographs.splits.items():
            path = cache / f"{self._feature_key(photographs)}.pth" if cache else None
            labels = torch.tensor([p.label for p in photographs], device=self.device)
            if path and path.exists():
                table[split] = torch.load(path, map_location=self.device, weights_only=True), labels
                continue
            columns = []
            for mirrored in (False, True) if split == "train" else (False,):
                view = (lambda index: dataset.preprocessing.Augmentation(mirrored=True)) if mirrored else (lambda index: None)
                rows = []
                for inputs, _ in self._loaded(split, f"features of {split}", view):
                    with torch.autocast(self.device.type, enabled=self.mixed_precision):
                        rows.append(self.network.backbone(inputs).float())
                    self.interruption.check()
                columns.append(torch.cat(rows) if rows else torch.zeros(0, self.network.head.in_features, device=self.device))
            table[split] = torch.stack(columns, 1), labels
            if path:
                write_atomically(path, table[split][0])
        return table

    def _feature_key(self, photographs):
        key = hashlib.sha256(f"{self.preparation} {self.mixed_precision} {len(photographs)}".encode())
        for name, tensor in self.network.backbone.state_dict().items():
            key.update(name.encode() + tensor.cpu().contiguous().numpy().tobytes())
        for photograph in photographs:
            key.update(photograph.digest.encode())
        return key.hexdigest()

    def _save(self, path, fingerprint):
        # Numbers as JSON, which is exact: the reader that runs no code knows tensors and text (in torch 1.13, no
        # float).
        text = json.dumps({"fingerprint": fingerprint, "history": self.history, "scaler": self.scaler.state_dict()})
        momentum = self.optimizer.state_dict()["state"]
        write_atomically(path, {"text": text, "trained": self.trained.state_dict(), "best": self.best, "momentum": momentum})

    def _resume(self, path, fingerprint, report):
        if not path.exists():
            return
        try:
            checkpoint = torch.load(path, map_location=self.device, weights_only=True)
            text = json.loads(checkpoint["text"])
        except Exception as error:  # UnpicklingError, RuntimeError, EOFError, …
            raise TrainingError(f"the checkpoint {path} cannot be read: {str(error).splitlines()[0]}. Without it training begins anew") from error
        differing = [name for name, value in fingerprint.items() if text["fingerprint"].get(name) != value]
        if differing:
            raise TrainingError(
                f"the checkpoint {path} is of another run, it differs in {', '.join(differing)}: "
                "give --checkpoint-dir another folder, or remove it to begin anew"
            )
        self.history, self.best = text["history"], checkpoint["best"]
        self.trained.load_state_dict(checkpoint["trained"])
        # The groups' learning rate is set anew each epoch.
        self.optimizer.load_state_dict({**self.optimizer.state_dict(), "state": checkpoint["momentum"]})
        self.scaler.load_state_dict(text["scaler"])
        report(f"resumed after epoch {len(self.history)} of {self.settings.epochs}")


def metric_line(line, best_loss):
    """One epoch, as the expressions of metric-definitions.json read it."""
    return (
        "epoch={epoch} train_loss={train_loss:.6f} train_accuracy={train_accuracy:.6f} validation_loss={validation_loss:.6f} "
        "validation_accuracy={validation_accuracy:.6f} best_loss={best:.6f} images_per_second={images_per_second:.1f}"
    ).format(best=best_loss, **line)


def write_atomically(path, content):
    """torch.save that leaves the old file or the new one, whenever the machine goes away."""
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with open(temporary, "wb") as file:
        torch.save(content, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
