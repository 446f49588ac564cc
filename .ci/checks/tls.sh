#!/usr/bin/env bash
# The program in dist/bootstrap.zip, or BOOTSTRAP, registers only the algorithms that TLS and certificates can name
# (Sources/Function/OpenSSLSetup): a first answer over HTTPS with each kind of key, suite, and group, one at a time; and
# none from a server whose root it does not trust. What it reports when a handshake fails, people can read
# (tls_errors.py).
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

[[ -n "${BOOTSTRAP-}" ]] || take_bootstrap
mkdir -p "$work/tls"
BOOTSTRAP=$(realpath "$BOOTSTRAP") PYTHONPATH=Sources/Measuring python3 - "$work/tls" <<'PYTHON' || fail "see above"
import os, pathlib, shutil, subprocess, sys
import mock_aws

work = pathlib.Path(sys.argv[1]).resolve()
mock = mock_aws.build(work)
shutil.copy(os.environ["BOOTSTRAP"], work / "bootstrap")


def answers(store="store.pem", **settings):
    """Whether the program answers while the server is configured so; else why not."""
    (work / "server.cnf").write_text(
        "openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = server\n[server]\n"
        + "".join(f"{name} = {value}\n" for name, value in settings.items()))
    (work / "log").unlink(missing_ok=True)
    # The configuration is the server's; the program starts as in Lambda, without one.
    command = [mock, "--invocations", "1", "--log", "log", "--chain", "chain.pem", "--key", "server.key", "--",
               "env", "-u", "OPENSSL_CONF", "./bootstrap"]
    finished = subprocess.run(
        command, cwd=work, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        env=mock_aws.ENVIRONMENT | {"OPENSSL_CONF": "server.cnf", "AWS_CA_BUNDLE": store})
    return finished.returncode == 0, (work / "log").read_text() + finished.stderr


def expect(what, **settings):
    is_answered, text = answers(**settings)
    if not is_answered:
        sys.exit(f"tls: no answer with {what} {settings}: {text[-2000:]}")
    tried.append(what)


tried = []
old = {"MaxProtocol": "TLSv1.2"}
new = {"MinProtocol": "TLSv1.3"}
for kind in mock_aws.KEYS:
    mock_aws.certificates(work, kind)
    expect(f"{kind} in TLS 1.2", **old)
    expect(f"{kind} in TLS 1.3", **new)
mock_aws.certificates(work, "rsa")
for group in ("X25519", "P-256", "P-384", "P-521", "X448", "ffdhe2048"):
    expect(group, Groups=group, **new)
for suite in ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"):
    expect(suite, Ciphersuites=suite, **new)
# Those that OpenSSL offers by itself; libcurl leaves the choice to it.
offered = subprocess.run(
    ["openssl", "ciphers", "-s", "-tls1_2"], env=os.environ | {"OPENSSL_CONF": "/dev/null"},
    check=True, capture_output=True, text=True).stdout.strip().split(":")
for suite in offered:
    # The server has no group for DHE; that of tls_errors.py has one.
    if "ECDSA" not in suite and not suite.startswith("DHE"):
        expect(suite, CipherString=suite, **old)
mock_aws.certificates(work, "ecdsa")
for suite in offered:
    if "ECDSA" in suite:
        expect(suite, CipherString=suite, **old)

# Not the root of the chain, whatever else is in the store.
(work / "other.pem").write_text((work / "store.pem").read_text().replace((work / "root.pem").read_text(), ""))
is_answered, text = answers(store="other.pem")
# The program's alert, as the server sees it.
if is_answered or "alert unknown ca" not in text:
    sys.exit(f"tls: a root that is not trusted: {is_answered}, {text[-2000:]}")
print(f"tls: {len(tried)} keys, groups, and suites; a strange root is refused")
PYTHON
PYTHONPATH=Sources/Measuring python3 .ci/checks/tls_errors.py "$BOOTSTRAP" "$work/tls" || fail "an error without its text"
passed "an answer over HTTPS with each key, group, and suite; none from a strange root; failures are explained"
