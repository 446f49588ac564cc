"""Reads the legacy (pre-1.6, not zip) files of torch.save with numpy alone, without torch.

The file is five pickles (magic number, protocol, system, state dict, storage keys) and then each storage: its element
count as int64 and its elements, in the order of the keys. The state dict holds only views: storage key, offset, shape
and strides. The strides matter: these weights were converted from TensorFlow and lie in memory as height, width, in,
out, whatever their shape.
"""

import collections
import pickle

import numpy

MAGIC_NUMBER = 0x1950A86A20F9469CFC6C
DTYPES = {"FloatStorage": numpy.dtype("<f4"), "LongStorage": numpy.dtype("<i8")}


class _View:
    """One tensor before its storage has been read."""

    def __init__(self, storage, offset, shape, strides, *_):
        self.key, self.offset, self.shape, self.strides = storage[2], offset, shape, strides
        self.dtype = DTYPES[storage[1]]


class _Unpickler(pickle.Unpickler):
    """Allows exactly the names that a state dict needs: a pickle may run anything that find_class returns."""

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _View
        if module == "torch" and name in DTYPES:
            return name
        raise pickle.UnpicklingError(f"{module}.{name} does not belong in a state dict")

    def persistent_load(self, identifier):
        return identifier  # ("storage", type, key, device, element count, None)


def read_state_dict(path):
    """The state dict as {name: contiguous numpy array}, in the file's order."""
    with open(path, "rb") as file:
        if _Unpickler(file).load() != MAGIC_NUMBER:
            raise ValueError(f"{path} is not a legacy torch file")
        _Unpickler(file).load()  # protocol version
        if not _Unpickler(file).load()["little_endian"]:
            raise ValueError(f"{path} was written on a big-endian machine")
        views = _Unpickler(file).load()
        dtypes = {view.key: view.dtype for view in views.values()}
        storages = {}
        for key in _Unpickler(file).load():
            count = int.from_bytes(file.read(8), "little")
            data = file.read(count * dtypes[key].itemsize)
            storages[key] = numpy.frombuffer(data, dtypes[key], count)
    return {name: _gather(view, storages[view.key]) for name, view in views.items()}


def _gather(view, storage):
    last = view.offset + sum((n - 1) * s for n, s in zip(view.shape, view.strides))
    if last >= len(storage):
        raise ValueError("a tensor reaches beyond its storage")
    strides = [s * storage.itemsize for s in view.strides]
    strided = numpy.lib.stride_tricks.as_strided(storage[view.offset :], view.shape, strides)
    return numpy.ascontiguousarray(strided).reshape(view.shape)
