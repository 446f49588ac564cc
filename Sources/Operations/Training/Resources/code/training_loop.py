"""Epochs: training, validation, the metric line, early stopping, checkpoints.

Everything random in an epoch follows from the seed and the epoch's number, so a run that was interrupted and resumed is
the run that was not (on one machine, with the same number of threads).
"""

import contextlib
import copy
import dataclasses
import hashlib
import math
import random
import signal
import sys
import time

import torch
from torch.nn import functional

import dataset
import features


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
    class_weights: tuple = None  # of the training loss, a number for each class


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
        self.signal = self.signal or number

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

    def __init__(self, network, photographs, preparation, settings, device, interruption, feature_folder=None):
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
        weights = settings.class_weights
        self.class_weights = torch.tensor(weights, dtype=torch.float32, device=device) if weights else None
        started = time.monotonic()
        self.feature_files = self.features = None
        if network.backbone_frozen:
            self.feature_files = features.Features(network, preparation, device, self.mixed_precision, feature_folder, self._loaded)
            self.features = self._features()
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

    def run(self, report, checkpoints=None):
        """Trains to the end, resuming where a checkpoint is; leaves the network with the best epoch's weights."""
        if checkpoints:
            self._resume(checkpoints, report)
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
                self._save(checkpoints)
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
            logits, loss = self._forward(inputs, labels, self.class_weights)
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

    def _forward(self, inputs, labels, weights=None):
        with torch.autocast(self.device.type, enabled=self.mixed_precision):
            if self.features is not None:
                logits = self.network.classify(inputs)
            else:
                logits = self.parallel(inputs)
            return logits, functional.cross_entropy(logits, labels, weights)

    def _batches(self, epoch):
        """(inputs or features, labels) of the training photographs, on the device, in the epoch's own order."""
        seed = self.settings.seed
        order = list(range(len(self.photographs.splits["train"])))
        random.Random(f"{seed} {epoch}").shuffle(order)
        if self.features is not None:
            table, labels = self.features["train"]
            for start in range(0, len(order), self.settings.batch_size):
                batch = order[start : start + self.settings.batch_size]
                mirrored = [int(dataset.augmentation(seed, epoch, index).mirrored) for index in batch]
                yield table[batch, mirrored], labels[batch]
            return
        view = lambda index: dataset.augmentation(seed, epoch, index)  # noqa: E731
        yield from self._batches_of("train", f"epoch {epoch}", view, order)

    def _batches_of(self, split, what, view=lambda index: None, order=None):
        views = dataset.Views(self.photographs.splits[split], self.preparation, view)
        progress, done = Progress(what, len(views)), 0
        for inputs, labels in self._whole(dataset.loader(views, self.settings.batch_size, self.settings.workers, order, self.device.type == "cuda")):
            yield inputs.to(self.device, non_blocking=True), labels.to(self.device, non_blocking=True)
            done += len(labels)
            progress.show(done)
        progress.close()

    def _loaded(self, photographs, view, what, batch_size):
        """Inputs for the features, and a bar for each part."""
        views = dataset.Views(photographs, self.preparation, view)
        progress, done = Progress(what, len(views)), 0
        for inputs, _ in self._whole(dataset.loader(views, batch_size, self.settings.workers, pin_memory=self.device.type == "cuda")):
            yield inputs.to(self.device, non_blocking=True)
            done += len(inputs)
            progress.show(done)
            self.interruption.check()
        progress.close()

    def _whole(self, loader):
        """The batches; what ends a process that loads photographs is said in a sentence."""
        try:
            yield from loader
        except dataset.DataError as error:
            # Of another process it has the whole traceback as its text.
            raise dataset.DataError(str(error).strip().splitlines()[-1].rpartition("Refused: ")[2]) from error
        except RuntimeError as error:
            self.interruption.check()
            if "DataLoader worker" not in str(error):
                raise
            raise TrainingError(f"a process that loads photographs ended ({str(error).splitlines()[0]}): the memory is too small for --workers {self.settings.workers}") from error

    @torch.no_grad()
    def evaluate(self, split):
        """Loss, accuracy and the logits of every photograph of a split, never augmented."""
        self.network.eval()
        batches, loss_sum, right = [], 0.0, 0
        if self.features is not None:
            table, answers = self.features[split]
            source = zip(table[:, 0].split(self.settings.batch_size), answers.split(self.settings.batch_size))
        else:
            source = self._batches_of(split, split)
        for inputs, labels in source:
            logits, loss = self._forward(inputs, labels)
            loss_sum += loss.item() * len(labels)
            right += (logits.argmax(1) == labels).sum().item()
            batches.append(logits.float().cpu())
            self.interruption.check()
        logits = torch.cat(batches)
        return loss_sum / len(logits), right / len(logits), logits

    def _features(self):
        labels = {split: torch.tensor([p.label for p in photographs], device=self.device) for split, photographs in self.photographs.splits.items()}
        return {split: (self.feature_files.of(photographs, split), labels[split]) for split, photographs in self.photographs.splits.items()}

    def _save(self, checkpoints):
        momentum = self.optimizer.state_dict()["state"]
        checkpoints.save(
            {"history": self.history, "scaler": self.scaler.state_dict()}, {"trained": self.trained.state_dict(), "best": self.best, "momentum": momentum}
        )

    def _resume(self, checkpoints, report):
        found = checkpoints.load(self.device, report)
        if not found:
            return
        text, tensors = found
        self.history, self.best = text["history"], tensors["best"]
        self.trained.load_state_dict(tensors["trained"])
        # The groups' learning rate is set anew each epoch.
        self.optimizer.load_state_dict({**self.optimizer.state_dict(), "state": tensors["momentum"]})
        self.scaler.load_state_dict(text["scaler"])
        report(f"resumed after epoch {len(self.history)} of {self.settings.epochs}")


def metric_line(line, best_loss):
    """One epoch, as the expressions of metric-definitions.json read it."""
    return (
        "epoch={epoch} train_loss={train_loss:.6f} train_accuracy={train_accuracy:.6f} validation_loss={validation_loss:.6f} "
        "validation_accuracy={validation_accuracy:.6f} best_loss={best:.6f} images_per_second={images_per_second:.1f}"
    ).format(best=best_loss, **line)
