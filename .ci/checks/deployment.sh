#!/usr/bin/env bash
# The template as a stack in MiniStack (AUTH=true, over TLS), its function from dist/bootstrap.zip, LocalAWS as the
# endpoint: an upload is classified, and each permission is missed when it is removed; beside it a stack with a queue
# before the function, kept results and a URL. InvokeEndpoint's permission is moto's to check. Needs a finished
# `swift build --build-tests`; makes the zip when there is none.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv sam aws-sam-cli==1.170.0 pytest==9.0.3
make_venv ministack ministack==1.5.33
make_venv moto 'moto[server]==5.2.1' boto3==1.44.5

if [[ ! -e dist/bootstrap.zip ]]; then
  ./build-zip.sh >"$work/$check-zip.log" 2>&1 || { tail -n 20 "$work/$check-zip.log"; fail "no zip"; }
fi

# The bucket's policy refuses plain HTTP.
tls=$work/ministack-tls
rm -rf "$tls"
mkdir -p "$tls"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
  -keyout "$tls/key.pem" -out "$tls/certificate.pem" 2>"$tls/log"

port=$(free_port)
# start_server's own question trusts the certificate; MiniStack's functions must not inherit that.
SSL_CERT_FILE=$tls/certificate.pem start_server ministack-deployment "https://127.0.0.1:$port/_ministack/health" \
  env -u SSL_CERT_FILE USE_SSL=1 MINISTACK_SSL_CERT="$tls/certificate.pem" MINISTACK_SSL_KEY="$tls/key.pem" \
  GATEWAY_PORT="$port" BIND_HOST=127.0.0.1 MINISTACK_HOST=127.0.0.1 LAMBDA_EXECUTOR=local AUTH=true \
  AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=rootsecret LAMBDA_ASYNC_RETRY_BASE_SECONDS=0.2 \
  "$work/venv-ministack/bin/ministack"

python=$work/venv-sam/bin/python
input=$work/$check-input.json
description=$work/$check.json
python3 - "$input" "https://127.0.0.1:$port" "$tls/certificate.pem" "$work" <<'PYTHON'
import json, os, sys

path, url, certificates, work = sys.argv[1:]
with open("dist/bootstrap.zip.arch") as file:
    architecture = file.read().strip()
with open(path, "w") as file:
    json.dump({
        "url": url, "certificates": certificates, "architecture": architecture, "zip": "dist/bootstrap.zip",
        "image": "events/objects/dog-photos/uploads/Schäferhund Rex.jpg",
        "work": work, "python": f"{work}/venv-sam/bin/python", "miniStackPython": f"{work}/venv-ministack/bin/python",
    }, file)
PYTHON
"$python" .ci/checks/deployment.py prepare "$input" >"$description"

moto_port=$(free_port)
start_server moto-deployment "http://127.0.0.1:$moto_port/moto-api/" \
  "$work/venv-moto/bin/moto_server" -H 127.0.0.1 -p "$moto_port"
roles=$work/$check-roles.json
"$python" .ci/checks/deployment_moto.py "http://127.0.0.1:$moto_port" "$roles"

export DEPLOYMENT_ORACLE=$description DEPLOYMENT_ROLE_ORACLE=$roles
run_tests 'OracleTests.(DeploymentTests|DeploymentSourceTests|DeploymentRoleTests)' 24
passed "$test_summary of template and zip against MiniStack 1.5.33 (AUTH=true, TLS), LocalAWS and moto 5.2.1 (IAM)"
