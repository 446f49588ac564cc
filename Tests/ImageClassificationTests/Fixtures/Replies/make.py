"""Writes the replies of this folder and replies.json, which says what must be read from each.

    python3 -m venv VENV && VENV/bin/pip install -r requirements.txt
    VENV/bin/pip install --no-deps -r requirements-without-dependencies.txt
    VENV/bin/python make.py

Run by hand when a shape is added; CI reads only the files. A reply is encoded by the library that the container uses,
where pip has one:

    sagemaker-inference                       default handlers of PyTorch and MXNet: JSON, CSV, npy
    sagemaker-huggingface-inference-toolkit   Hugging Face: JSON and CSV
    torchserve                                image_classifier's labels
    tritonclient                              Triton's binary tensors
    pandas                                    AutoGluon: JSON and CSV

The others are the samples of the containers' documentation with our numbers; docs/replies.md names the sources.
Probabilities from logits are numpy's in extended precision.
"""

import json
import pathlib

import ml_dtypes
import numpy
import pandas
import tritonclient.utils
from sagemaker_inference import encoder

FOLDER = pathlib.Path(__file__).parent
LABELS = ["tabby", "tiger cat", "golden retriever, yellow", "Pembroke: Welsh corgi", 'the "other"']
LOGITS = numpy.array([[-0.93, 3.125, 0.76, 0.0625, -4.5]], numpy.float32)
PROBABILITIES = numpy.exp(LOGITS.astype(float)) / numpy.exp(LOGITS.astype(float)).sum()
FLOATS = PROBABILITIES.astype(numpy.float32)
ORDER = [1, 2, 3, 0, 4]  # best first
TOP = ORDER[:3]

cases = []


def softmax(values):
    exponentials = numpy.exp(numpy.asarray(values, numpy.longdouble))
    return [float(value) for value in exponentials / exponentials.sum()]


def add(name, body, classes, content_type="application/json", complete=True, **environment):
    """classes: label to probability; None instead of a probability where only the class is known."""
    if not isinstance(body, (bytes, str)):
        body = json.dumps(body)
    body = body if isinstance(body, bytes) else body.encode()
    (FOLDER / name).write_bytes(body)
    cases.append(
        {"file": name, "contentType": content_type, "environment": environment, "complete": complete, "classes": classes}
    )


def indexed(values):
    return {str(index): float(value) for index, value in enumerate(values)}


def labeled(values, labels=LABELS):
    return {label: float(value) for label, value in zip(labels, values)}


def best(values, labels=LABELS):
    return {labels[index]: float(values[index]) for index in TOP}


def defaults():
    add("pytorch.json", encoder.encode(LOGITS, "application/json"), indexed(softmax(LOGITS[0])))
    add("pytorch-labels.json", encoder.encode(LOGITS, "application/json"), labeled(softmax(LOGITS[0])), CLASS_LABELS="labels.txt")
    # numpy.savetxt writes the shortest digits of a float32, which are not its double's.
    row, column = encoder.encode(LOGITS, "text/csv"), encoder.encode(FLOATS[0], "text/csv")
    add("pytorch-row.csv", row, indexed(softmax([float(text) for text in row.split(",")])), "text/csv")
    add("mxnet-column.csv", column, indexed(map(float, column.split())), "text/csv; charset=utf-8")
    add("pytorch.npy", encoder.encode(LOGITS, "application/x-npy"), indexed(softmax(LOGITS[0])), "application/x-npy")
    for kind in ("<f2", ">f4", "<f8"):
        values = PROBABILITIES.astype(kind)
        add(f"mxnet-{kind[1:]}.npy", encoder.encode(values, "application/x-npy"), indexed(values[0]), "application/x-npy")
    add("neo.json", encoder.encode(FLOATS, "application/json"), indexed(FLOATS[0]))
    add("onnx-output.json", {"output": LOGITS.tolist()}, indexed(softmax(LOGITS[0])))
    add("masked.json", "[[-Infinity, 0.0, 0.0]]", {"0": 0.0, "1": 0.5, "2": 0.5}, MODEL_OUTPUT="logits")


def tensorflow():
    row = FLOATS[0].tolist()
    add("tensorflow-rows.json", {"predictions": [row]}, indexed(row))
    add("tensorflow-dictionary.json", {"predictions": [{"classes": 1, "probabilities": row}]}, indexed(row))
    add("tensorflow-logits.json", {"predictions": [{"classes": 1, "logits": LOGITS[0].tolist()}]}, indexed(softmax(LOGITS[0])))
    add("tensorflow-dense.json", {"predictions": [{"dense_2": row}]}, indexed(row))
    add("tensorflow-columns.json", {"outputs": {"classes": [1], "probabilities": [row]}}, indexed(row))
    add("tensorflow-outputs.json", {"outputs": [row]}, indexed(row))
    add("tensorflow-labels.json", {"predictions": [row], "labels": LABELS}, labeled(row))
    pairs = [[LABELS[index], row[index]] for index in ORDER]
    add("tensorflow-classify.json", {"result": [pairs]}, labeled(row))
    add("tensorflow-classify-unlabeled.json", {"result": [[["", value] for value in row]]}, indexed(row))
    add("keras-sigmoid.json", {"predictions": [[0.83]]}, {"cat": 1 - 0.83, "dog": 0.83}, MODEL_OUTPUT="sigmoid", CLASS_LABELS="cat-dog.txt")
    add("tensorflow-class-index.json", {"predictions": [{"classes": 1}]}, {"tiger cat": None}, MODEL_OUTPUT="class-index", CLASS_LABELS="labels.txt")


def built_in():
    row = FLOATS[0].tolist()
    add("image-classification.json", row, indexed(row))
    add("image-classification.jsonl", json.dumps({"prediction": row}) + "\n", indexed(row), "application/jsonlines")
    add("image-classification-multi-label.json", [0.9, 0.8, 0.1], {"0": 0.9, "1": 0.8, "2": 0.1}, MODEL_OUTPUT="sigmoid")
    verbose = {"probabilities": row, "labels": LABELS, "predicted_label": LABELS[1]}
    add("jumpstart-verbose.json", verbose, labeled(row), "application/json;verbose")
    add("jumpstart-number-labels.json", {"probabilities": row, "labels": [3, 1, 4, 15, 9.0], "predicted_label": 1}, labeled(row, ["3", "1", "4", "15", "9"]))
    add("jumpstart.json", {"probabilities": row}, indexed(row))


def triton():
    row = FLOATS[0].tolist()

    def output(name="probabilities", kind="FP32", shape=(1, 5), **more):
        return {"name": name, "datatype": kind, "shape": list(shape), **more}

    def reply(*outputs):
        return {"model_name": "m", "model_version": "1", "outputs": list(outputs)}

    add("triton.json", reply(output("output__0", data=row)), indexed(row))
    several = reply(output("features", shape=(1, 3), data=[1.5, 2.5, 3.5]), output(data=row))
    add("triton-several-outputs.json", several, indexed(row))
    unnamed = reply(output("a", shape=(1, 3), data=[1.5, 2.5, 3.5]), output("b", data=row))
    add("triton-pointer.json", unnamed, indexed(row), REPLY_VALUES="/outputs/1/data")
    texts = [f"{row[index]}:{index}:{LABELS[index]}" for index in TOP]
    add("triton-classification.json", reply(output(kind="BYTES", shape=(1, 3), data=texts)), best(row), complete=False)
    unlabeled = [f"{row[index]}:{index}" for index in TOP]
    add("triton-classification-indices.json", reply(output(kind="BYTES", shape=(1, 3), data=unlabeled)), best(row), complete=False, CLASS_LABELS="labels.txt")

    def binary(name, outputs, tensors, classes, **more):
        for out, tensor in zip(outputs, tensors):
            out["parameters"] = {"binary_data_size": len(tensor)}
        header = json.dumps(reply(*outputs)).encode()
        kind = f"application/vnd.sagemaker-triton.binary+json;json-header-size={len(header)}"
        add(name, header + b"".join(tensors), classes, kind, **more)

    binary("triton-fp32.bin", [output()], [FLOATS.tobytes()], indexed(row))
    half = FLOATS.astype(numpy.float16)
    binary("triton-fp16.bin", [output(kind="FP16")], [half.tobytes()], indexed(half[0]))
    # Not tritonclient's serialize_bf16_tensor: it cuts off where models round.
    brain = FLOATS.astype(ml_dtypes.bfloat16)
    decoded = tritonclient.utils.deserialize_bf16_tensor(brain.tobytes()).ravel()
    assert (decoded == brain.astype(float).ravel()).all()
    binary("triton-bf16.bin", [output(kind="BF16")], [brain.tobytes()], indexed(decoded))
    strings = tritonclient.utils.serialize_byte_tensor(numpy.array([t.encode() for t in texts], numpy.object_)).item()
    binary("triton-bytes.bin", [output(kind="BYTES", shape=(1, 3))], [strings], best(row), complete=False)
    indices = numpy.array([1], numpy.int64).tobytes()
    binary("triton-two-tensors.bin", [output("class_index", "INT64", (1, 1)), output()], [indices, FLOATS.tobytes()], indexed(row))


def tables():
    row = [round(value, 6) for value in PROBABILITIES[0].tolist()]
    add("xgboost-softprob.csv", ",".join(map(str, row)), indexed(row), "text/csv; charset=utf-8")
    add("xgboost-softprob.json", {"predictions": [{"score": row}]}, indexed(row))
    add("xgboost-softmax.csv", "2.0", {"golden retriever, yellow": None}, "text/csv", MODEL_OUTPUT="class-index", CLASS_LABELS="labels.txt")
    add("xgboost-softmax.json", {"predictions": [{"score": 2.0}]}, {"2": None}, MODEL_OUTPUT="class-index")
    add("xgboost-logistic.csv", "0.83\n", {"0": 1 - 0.83, "1": 0.83}, "text/csv", MODEL_OUTPUT="sigmoid")
    nan = float("nan")
    chosen = {"predicted_label": 1, "labels": [0, 1, 2, 3, 4], "probability": nan, "probabilities": row, "raw_score": nan, "raw_scores": [0.5, 0.5]}
    add("xgboost-inference-output.json", {"predictions": [chosen]}, indexed(row))
    add("linear-learner.json", {"predictions": [{"score": row, "predicted_label": 1}]}, indexed(row))
    add("linear-learner-binary.json", {"predictions": [{"score": 0.4, "predicted_label": 0}]}, {"0": 1 - 0.4, "1": 0.4}, MODEL_OUTPUT="sigmoid")
    autopilot = {"predicted_label": "cat", "probability": "0.75", "probabilities": ["0.75", "0.25"], "labels": ["cat", "dog"]}
    add("autopilot.json", {"predictions": [autopilot]}, {"cat": 0.75, "dog": 0.25})
    add("autopilot.csv", "cat,0.75,\"[0.75, 0.25]\",\"['cat', 'dog']\"\n", {"cat": 0.75, "dog": 0.25}, "text/csv")
    frame = pandas.DataFrame({"label": ["cat"], "cat_proba": [0.75], "dog_proba": [0.25]})
    add("autogluon.json", frame.to_json(), {"cat": 0.75, "dog": 0.25})
    add("autogluon.csv", frame.to_csv(index=False), {"cat": 0.75, "dog": 0.25}, "text/csv")
    indexed_frame = pandas.DataFrame({"cat": [0.75], "dog": [0.25]})
    add("pandas-index.csv", indexed_frame.to_csv(), {"cat": 0.75, "dog": 0.25}, "text/csv")


def lists():
    row = FLOATS[0].tolist()
    top = [{"label": LABELS[index], "score": row[index]} for index in TOP]
    from sagemaker_huggingface_inference_toolkit import decoder_encoder

    add("hugging-face.json", decoder_encoder.encode_json(top), best(row), complete=False)
    add("hugging-face.csv", decoder_encoder.encode_csv(top), best(row), "text/csv", complete=False)
    numbered = [{"label": f"LABEL_{index}", "score": row[index]} for index in TOP]
    add("hugging-face-indices.json", decoder_encoder.encode_json(numbered), best(row), complete=False, CLASS_LABELS="labels.txt")
    add("hugging-face-unnamed.json", decoder_encoder.encode_json(numbered), {f"LABEL_{index}": row[index] for index in TOP}, complete=False)
    from ts.utils.util import map_class_to_label

    mapping = {str(index): label for index, label in enumerate(LABELS)}
    (served,) = map_class_to_label([[row[index] for index in TOP]], mapping, [TOP])
    add("torchserve.json", served, best(row), complete=False)
    (unnamed,) = map_class_to_label([[row[index] for index in TOP]], None, [TOP])
    add("torchserve-indices.json", unnamed, best(row), complete=False, CLASS_LABELS="labels.txt")
    add("mxnet-model-zoo.json", [{"probability": row[index], "class": LABELS[index]} for index in TOP], best(row), complete=False)
    add("djl.json", [{"className": LABELS[index], "probability": row[index]} for index in TOP], best(row), complete=False)
    rounded = [round(value, 5) for value in row]
    add("ultralytics.json", [{"name": LABELS[index], "class": index, "confidence": rounded[index]} for index in TOP], best(rounded), complete=False)
    custom = {"CustomLabels": [{"Name": "cat", "Confidence": 97.3}, {"Name": "dog", "Confidence": 1.2}]}
    add("rekognition-custom-labels.json", custom, {"cat": 97.3 / 100, "dog": 1.2 / 100}, complete=False)
    roboflow = {"inference_id": "a", "time": 0.1, "predictions": [{"class": LABELS[index], "class_id": index, "confidence": row[index]} for index in TOP], "top": LABELS[1]}
    add("roboflow.json", roboflow, best(row), complete=False)
    azure = {"id": "a", "iteration": "b", "predictions": [{"probability": row[index], "tagId": "c", "tagName": LABELS[index]} for index in ORDER]}
    add("azure-custom-vision.json", azure, labeled(row))
    add("keras-rest.json", {"success": True, "predictions": [{"label": LABELS[index], "probability": row[index]} for index in TOP]}, best(row), complete=False)
    labels = {"Labels": [{"Name": "cat", "Confidence": 97.3, "Parents": []}], "LabelModelVersion": "3.0"}
    add("rekognition-labels.json", labels, {"cat": 97.3 / 100}, complete=False)


def envelopes():
    row = FLOATS[0].tolist()
    add("tuple.json", [json.dumps([row]), "application/json"], indexed(row))
    add("tuple-csv.json", [",".join(map(str, row)) + "\n", "text/csv"], indexed(row))
    add("string.json", json.dumps(json.dumps({"predictions": [row]})), indexed(row))
    clarify = {"version": "1.0", "predictions": {"content_type": "text/csv", "data": ",".join(map(str, row)) + "\n"}, "explanations": {"kernel_shap": [[]]}}
    add("clarify.json", clarify, indexed(row))
    own = {"results": [{"animal": {"name": LABELS[index]}, "p": row[index]} for index in TOP], "milliseconds": 12}
    add("pointer-with-wildcards.json", own, best(row), complete=False, REPLY_VALUES="/results/*/p", REPLY_LABELS="/results/*/animal/name")
    add("pointer-members.json", {"prediction": "tabby", "scores": dict(zip(LABELS, row))}, labeled(row), REPLY_VALUES="/scores/*")
    add("pointer-labels.json", {"predictions": [row], "a/b": {"names~": LABELS}}, labeled(row), REPLY_LABELS="/a~1b/names~0")


for make in (defaults, tensorflow, built_in, triton, tables, lists, envelopes):
    make()
(FOLDER / "labels.txt").write_text("\n".join(LABELS) + "\n")
(FOLDER / "cat-dog.txt").write_text("cat\ndog\n")
(FOLDER / "replies.json").write_text(json.dumps(cases, indent=1) + "\n")
print(len(cases), "replies")
