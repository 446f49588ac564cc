#!/usr/bin/env bash
# Memory and descriptors over 200,000 invocations; .ci/checks/soak.sh makes 20,000.
set -euo pipefail
SOAK_COUNT=${SOAK_COUNT:-200000} exec bash "$(dirname "${BASH_SOURCE[0]}")/../checks/soak.sh"
