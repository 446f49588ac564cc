"""Serves a model.tar.gz as the SageMaker PyTorch containers do, on 127.0.0.1.

    serve.py model.tar.gz FOLDER PORT OTHER OTHER OTHER      (five addresses need four ports)
    serve.py --damage model.tar.gz DAMAGED.tar.gz            the same archive with another network's architecture in model.json

Unpacks it into FOLDER/model and starts the container's own entry point, sagemaker_pytorch_serving_container, in FOLDER. Two
things differ from a container: TorchServe's configuration lies in FOLDER, not in /etc, and its addresses are this
machine's loopback, which TS_* variables say (the container's own configuration listens on every address; gRPC does not).
"""

import io
import os
import pathlib
import shutil
import sys
import tarfile


def damage(archive, damaged):
    with tarfile.open(archive) as old, tarfile.open(damaged, "w:gz") as new:
        for entry in old:
            data = old.extractfile(entry).read() if entry.isfile() else b""
            if entry.name == "model.json":
                data = data.replace(b"efficientnet_lite0", b"resnet18")
                entry.size = len(data)
            new.addfile(entry, io.BytesIO(data))


def main():
    if sys.argv[1] == "--damage":
        return damage(*sys.argv[2:])
    archive, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    port, metrics_port, *grpc_ports = sys.argv[3:7]
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "model").mkdir(parents=True)
    with tarfile.open(archive) as tar:
        tar.extractall(folder / "model")
    os.chdir(folder)
    os.environ.update(
        SAGEMAKER_BASE_DIR=str(folder),
        SAGEMAKER_PROGRAM="inference.py",
        TS_INFERENCE_ADDRESS=f"http://127.0.0.1:{port}",
        TS_MANAGEMENT_ADDRESS=f"http://127.0.0.1:{port}",
        TS_METRICS_ADDRESS=f"http://127.0.0.1:{metrics_port}",
        TS_GRPC_INFERENCE_PORT=grpc_ports[0],
        TS_GRPC_MANAGEMENT_PORT=grpc_ports[1],
        # As `endpoint create` sets it: TorchServe's own limit is 6,553,500 bytes.
        TS_MAX_REQUEST_SIZE=str(25 << 20),
        # One is enough here, and two would share the cores.
        SAGEMAKER_MODEL_SERVER_WORKERS="1",
        LOG_LOCATION=str(folder / "logs"),
        METRICS_LOCATION=str(folder / "logs"),
        TEMP=str(folder),
        PATH=f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}",
    )
    from sagemaker_pytorch_serving_container import serving, torchserve

    torchserve.TS_CONFIG_FILE = str(folder / "sagemaker-ts.properties")
    serving.main()


if __name__ == "__main__":
    main()
