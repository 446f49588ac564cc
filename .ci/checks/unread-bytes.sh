#!/usr/bin/env bash
# The program in dist/bootstrap.zip, or BOOTSTRAP, with servers that send more than the Content-Length: no request fails
# because of it. Its libcurl does not use such a connection again (leave_polluted in .packaging/libcurl.sh).
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

[[ -n "${BOOTSTRAP-}" ]] || take_bootstrap
mkdir -p "$work/unread-bytes"
PYTHONPATH=Sources/Measuring python3 .ci/checks/unread_bytes.py "$BOOTSTRAP" "$work/unread-bytes" || fail "see above"
passed "bytes beyond a Content-Length, over HTTP and HTTPS, fail no later request"
