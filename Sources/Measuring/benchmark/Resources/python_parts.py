"""Microseconds of processor time that botocore takes for a signature, and bytes that a zip of the stack has.

  python_parts.py signature COUNT    one number: the fastest of ten rounds
  python_parts.py zip FILE           packs awslambdaric, boto3 and what they need
"""

import os
import sys
import sysconfig
import time
import zipfile

# What pip brings along, and what is not needed to run.
LEFT_OUT = {"pip", "setuptools", "wheel", "_distutils_hack", "pkg_resources", "__pycache__"}


def signature(count):
    from botocore.auth import S3SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    credentials = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY", "TOKEN" * 100)
    signer = S3SigV4Auth(credentials, "s3", "us-east-1")
    url = "https://dog-photos.s3.us-east-1.amazonaws.com/uploads/Sch%C3%A4ferhund%20Rex.jpg"

    def sign():
        request = AWSRequest("GET", url, headers={"x-amz-checksum-mode": "ENABLED"})
        signer.add_auth(request)

    rounds = []
    for _ in range(10):
        start = time.process_time()
        for _ in range(count):
            sign()
        rounds.append((time.process_time() - start) / count)
    return min(rounds) * 1e6


def pack(path):
    root = sysconfig.get_path("purelib")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if name.split("-")[0] not in LEFT_OUT)
            for name in sorted(names):
                file = os.path.join(folder, name)
                archive.write(file, os.path.relpath(file, root))


if sys.argv[1] == "signature":
    print(signature(int(sys.argv[2])))
else:
    pack(sys.argv[2])
