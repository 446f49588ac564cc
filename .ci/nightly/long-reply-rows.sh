#!/usr/bin/env bash
# A million rows of a model's numbers, the figures of docs/replies.md; .ci/checks/reply-rows.sh reads 20,000.
set -euo pipefail
REPLY_ROWS=${REPLY_ROWS:-1000000} exec bash "$(dirname "${BASH_SOURCE[0]}")/../checks/reply-rows.sh"
