"""The model's side of the endpoint: the four functions that SageMaker's PyTorch container calls.

    POST /invocations   image/jpeg, image/png, image/webp, application/x-image (what the bytes say): the image
                        application/json: {"url": "https://…"}, fetched from here
    Accept              application/json: [[logits]]
                        application/json;verbose: {"probabilities": […], "labels": […], "predicted_label": "…"}
                        text/csv: a row of logits

Errors have a status of their own: 400 no such image, 406 another Accept, 413 too large, 415 another Content-Type,
424 the URL could not be fetched. SageMaker hands the caller all of them as ModelError.
"""

import dataclasses
import http.client
import json
import queue
import threading
import time
import urllib.error
import urllib.request

import torch

import artifact
import preprocessing

try:
    # In the container this is what carries a status out of a handler.
    from sagemaker_inference.errors import BaseInferenceToolkitError
except ImportError:

    class BaseInferenceToolkitError(Exception):
        def __init__(self, status_code, message, phrase):
            self.status_code, self.message, self.phrase = status_code, message, phrase
            super().__init__(status_code, message, phrase)


MAXIMUM_IMAGE_BYTES = 25 << 20
# Redirections, waiting, and reading together; SageMaker gives up on a container after 60 s.
FETCH_SECONDS = 20
IMAGE_TYPES = {
    "image/jpeg": ("JPEG",), "image/jpg": ("JPEG",), "image/png": ("PNG",), "image/webp": ("WEBP",),
    "application/x-image": preprocessing.FORMATS,
}
JSON, VERBOSE, CSV = "application/json", "application/json;verbose", "text/csv"


def refusal(status, phrase, message):
    return BaseInferenceToolkitError(status, message, phrase)


@dataclasses.dataclass
class Classifier:
    network: torch.nn.Module
    preprocessing: preprocessing.Preprocessing
    labels: list
    device: torch.device
    temperature: float = 1.0  # divides the logits, so that probabilities are as often right as they say


@dataclasses.dataclass
class Prediction:
    logits: torch.Tensor  # one row
    labels: list


def model_fn(model_dir, context=None):
    """The model on the GPU that TorchServe gives this worker, so that those of all workers serve; without one on the CPU."""
    gpu = context.system_properties.get("gpu_id") if context else None
    device = torch.device(f"cuda:{gpu or 0}" if torch.cuda.is_available() else "cpu")
    network, preparation, labels, temperature = artifact.load(model_dir, device)
    return Classifier(network, preparation, labels, device, temperature)


def input_fn(data, content_type):
    """The image of a request, RGB and upright."""
    kind = (content_type or "").split(";")[0].strip().lower()
    if kind == JSON:
        data, formats = fetch(url_in(data)), preprocessing.FORMATS
    elif kind in IMAGE_TYPES:
        formats = IMAGE_TYPES[kind]
    else:
        known = ", ".join([*IMAGE_TYPES, JSON])
        raise refusal(415, "Unsupported Media Type", f"Content-Type {content_type or 'is missing'}; this model takes {known}")
    if len(data) > MAXIMUM_IMAGE_BYTES:
        raise refusal(413, "Payload Too Large", f"an image of {len(data)} bytes; at most {MAXIMUM_IMAGE_BYTES}")
    try:
        return preprocessing.decode(bytes(data), formats)
    except preprocessing.ImageError as error:
        raise refusal(400, "Bad Request", str(error)) from error


def predict_fn(image, model):
    values = torch.from_numpy(preprocessing.prepare(image, model.preprocessing))
    with torch.inference_mode():
        logits = model.network(values[None].to(model.device)).float().cpu() / model.temperature
    if not torch.isfinite(logits).all():
        raise refusal(500, "Internal Server Error", "the model returned values that are not numbers; train it again")
    return Prediction(logits[0], model.labels)


def output_fn(prediction, accept):
    """(body, Content-Type) for the first type of Accept that is known."""
    for wanted in (accept or JSON).split(","):
        wanted = "".join(wanted.split()).lower()
        kind, _, parameters = wanted.partition(";")
        if kind == JSON and "verbose" in parameters.split(";"):
            probabilities = torch.softmax(prediction.logits.double(), 0)
            best = prediction.labels[int(probabilities.argmax())]
            answer = {"probabilities": probabilities.tolist(), "labels": prediction.labels, "predicted_label": best}
            return json.dumps(answer), JSON
        if kind in (JSON, "*/*", "application/*"):
            return json.dumps([prediction.logits.tolist()]), JSON
        if kind == CSV:
            return ",".join(map(repr, prediction.logits.tolist())) + "\n", CSV
    raise refusal(406, "Not Acceptable", f"Accept {accept}; this model answers with {JSON}, {VERBOSE} or {CSV}")


def url_in(data):
    try:
        request = json.loads(data)
    except ValueError as error:
        raise refusal(400, "Bad Request", f"the request is not JSON: {error}") from error
    url = request.get("url") if isinstance(request, dict) else None
    if not isinstance(url, str):
        raise refusal(400, "Bad Request", 'the request is not of the form {"url": "https://…"}')
    check_secure(url)
    return url


def check_secure(url):
    # http would let a caller read the machine's metadata service, file its disk.
    if not url.lower().startswith("https://"):
        raise refusal(400, "Bad Request", "only URLs that begin with https:// are fetched")


class SecureRedirects(urllib.request.HTTPRedirectHandler):
    """A redirection may not leave https either."""

    def redirect_request(self, request, file, code, message, headers, url):
        check_secure(url)
        return super().redirect_request(request, file, code, message, headers, url)


def fetch(url):
    """The bytes behind a URL, in FETCH_SECONDS altogether. No message has the URL: a presigned one is a key."""
    results = queue.SimpleQueue()
    # A server that sends a byte now and then would hold each operation's own timeout off for ever.
    threading.Thread(target=read, args=(url, time.monotonic() + FETCH_SECONDS, results), daemon=True).start()
    try:
        result = results.get(timeout=FETCH_SECONDS)
    except queue.Empty:
        raise refusal(424, "Failed Dependency", f"the URL was not read within {FETCH_SECONDS} s") from None
    if isinstance(result, Exception):
        raise result from None
    return result


def read(url, deadline, results):
    """Puts the bytes, at most one more than an image may have, or a refusal into `results`."""
    try:
        with urllib.request.build_opener(SecureRedirects).open(url, timeout=FETCH_SECONDS) as response:
            data = bytearray()
            while time.monotonic() < deadline and len(data) <= MAXIMUM_IMAGE_BYTES:
                part = response.read1(65_536)
                if not part:
                    break
                data += part
            expected = response.headers.get("Content-Length")
            if len(data) <= MAXIMUM_IMAGE_BYTES and expected is not None and len(data) < int(expected):
                raise http.client.IncompleteRead(bytes(), int(expected) - len(data))
        results.put(bytes(data))
    except BaseInferenceToolkitError as error:  # a redirection away from https
        results.put(error)
    except urllib.error.HTTPError as error:
        results.put(refusal(424, "Failed Dependency", f"the URL's server answered {error.code}"))
    except Exception as error:  # URLError, timeouts, TLS; http.client.InvalidURL is a ValueError
        reason = getattr(error, "reason", error)
        results.put(refusal(424, "Failed Dependency", f"the URL could not be fetched: {type(reason).__name__}"))
