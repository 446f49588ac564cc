#!/usr/bin/env bash
# The template with EndpointKind asynchronous and serverless as stacks in MiniStack (AUTH=true, over TLS). With the keys
# of the role of the model, and of the role of the function, each call that AWS documents is made; then each permission
# is removed, and just its calls must fail. The function of dist/bootstrap.zip submits uploads to a scripted endpoint,
# and stores what comes back by SNS. moto checks InvokeEndpointAsync.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

make_venv sam aws-sam-cli==1.170.0 pytest==9.0.3
make_venv ministack ministack==1.5.33
make_venv moto 'moto[server]==5.2.1' boto3==1.44.5

take_bootstrap

# The buckets' policies refuse plain HTTP.
tls=$work/$check-tls
rm -rf "$tls"
mkdir -p "$tls"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
  -keyout "$tls/key.pem" -out "$tls/certificate.pem" 2>"$tls/log"
port=$(free_port)
SSL_CERT_FILE=$tls/certificate.pem start_server "$check-ministack" "https://127.0.0.1:$port/_ministack/health" \
  env -u SSL_CERT_FILE USE_SSL=1 MINISTACK_SSL_CERT="$tls/certificate.pem" MINISTACK_SSL_KEY="$tls/key.pem" \
  GATEWAY_PORT="$port" BIND_HOST=127.0.0.1 MINISTACK_HOST=127.0.0.1 LAMBDA_EXECUTOR=local AUTH=true \
  AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=rootsecret LAMBDA_ASYNC_RETRY_BASE_SECONDS=0.2 \
  "$work/venv-ministack/bin/ministack"
moto_port=$(free_port)
start_server "$check-moto" "http://127.0.0.1:$moto_port/moto-api/" \
  "$work/venv-moto/bin/moto_server" -H 127.0.0.1 -p "$moto_port"

log=$work/$check.log
PYTHONPATH=.ci/checks "$work/venv-sam/bin/python" .ci/checks/template_kinds_aws.py "https://127.0.0.1:$port" \
  "$tls/certificate.pem" "http://127.0.0.1:$moto_port" 2>&1 | tee "$log" || fail "see the lines above"
passed "$(tail -n 1 "$log"), in MiniStack 1.5.33 (AUTH=true, TLS) and moto 5.2.1 (IAM)"
