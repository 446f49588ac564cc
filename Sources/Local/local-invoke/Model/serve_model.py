"""Serves a model as the SageMaker PyTorch containers do, on 127.0.0.1.

    serve_model.py MODEL FOLDER PORT OTHER OTHER OTHER      (five addresses need four ports)

MODEL is a model.tar.gz or its unpacked folder. It is copied to FOLDER/model, and the container's own entry point,
sagemaker_pytorch_serving_container, starts in FOLDER. Two things differ from a container: TorchServe's configuration lies
in FOLDER, not in /etc, and its addresses are this machine's loopback, which TS_* variables set (the container's own
configuration listens on every address; gRPC does not).
"""

import os
import pathlib
import shutil
import sys
import tarfile


def unpack(model, folder):
    if model.is_dir():
        shutil.copytree(model, folder)
        return
    folder.mkdir(parents=True)
    with tarfile.open(model) as tar:
        entries = tar.getmembers()
        for entry in entries:
            path = pathlib.PurePosixPath(entry.name)
            # Python before 3.11.4 has no filter for this.
            if path.is_absolute() or ".." in path.parts or not (entry.isfile() or entry.isdir()):
                sys.exit(f"{model}: {entry.name} is not a file or folder inside the archive")
        tar.extractall(folder, entries)


def main():
    model, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    port, metrics_port, *grpc_ports = sys.argv[3:7]
    shutil.rmtree(folder, ignore_errors=True)
    unpack(model, folder / "model")
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
        PATH=f"{pathlib.Path(sys.executable).parent}:{os.environ.get('PATH', '/usr/bin:/bin')}",
    )
    from sagemaker_pytorch_serving_container import serving, torchserve

    torchserve.TS_CONFIG_FILE = str(folder / "sagemaker-ts.properties")
    serving.main()


if __name__ == "__main__":
    main()
