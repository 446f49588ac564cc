"""A frozen backbone's features of photographs: computed once, which is nearly all the time of such a run, and kept in parts."""

import hashlib
import pathlib

import torch

import dataset
import files

# Photographs in a file: what is lost when the machine goes away.
PART = 512
# The same for every --batch-size, so that all trials of a search see the same features.
BATCH = 32


class Features:
    """Computes or finds features. `folder`: where parts are looked for and written; None keeps them in memory alone.
    `load(photographs, view, what, batch_size)` gives batches of inputs.
    """

    def __init__(self, network, preparation, device, mixed_precision, folder, load):
        self.network, self.device, self.mixed_precision, self.load = network, device, mixed_precision, load
        self.folder = pathlib.Path(folder) if folder else None
        self.paths = []
        about = hashlib.sha256(f"{preparation} {mixed_precision} {device.type} {torch.__version__}".encode())
        for name, tensor in network.backbone.state_dict().items():
            about.update(name.encode() + tensor.cpu().contiguous().numpy().tobytes())
        self.about = about.hexdigest()

    @torch.no_grad()
    def of(self, photographs, split):
        """Photographs × views × features: the plain view and, for training, the mirrored one."""
        self.network.eval()
        views = (False, True) if split == "train" else (False,)
        parts = [self._part(photographs[start : start + PART], views, f"features of {split}") for start in range(0, len(photographs), PART)]
        return torch.cat(parts) if parts else torch.zeros(0, len(views), self.network.head.in_features, device=self.device)

    def _part(self, photographs, views, what):
        digests = " ".join(photograph.digest for photograph in photographs)
        name = hashlib.sha256(f"{self.about} {views} {digests}".encode()).hexdigest()[:32]
        path = self.folder / f"features-{name}.pth" if self.folder else None
        if path:
            self.paths.append(path)
            found = self._read(path, (len(photographs), len(views), self.network.head.in_features))
            if found is not None:
                return found
        columns = [torch.cat([self._features(inputs) for inputs in self.load(photographs, view(mirrored), what, BATCH)]) for mirrored in views]
        table = torch.stack(columns, 1)
        if path:
            files.write({path: lambda file: torch.save(table, file)})
        return table

    def _read(self, path, shape):
        """A damaged or foreign file is computed anew."""
        try:
            table = torch.load(path, map_location=self.device, weights_only=True)
        except Exception:  # OSError, UnpicklingError, RuntimeError, EOFError, …
            return None
        return table if isinstance(table, torch.Tensor) and tuple(table.shape) == shape else None

    def _features(self, inputs):
        with torch.autocast(self.device.type, enabled=self.mixed_precision):
            return self.network.backbone(inputs).float()

    def remove(self):
        for path in self.paths:
            for file in (path, *path.parent.glob(f".{path.name}.*")):
                file.unlink(missing_ok=True)


def view(mirrored):
    augmentation = dataset.preprocessing.Augmentation(mirrored=True) if mirrored else None
    return lambda index: augmentation
