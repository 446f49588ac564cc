#!/usr/bin/env bash
# No phrase of voice-words.txt in prose: documentation, comments, messages, and help texts.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

python3 .ci/checks/voice.py .ci/checks/voice-words.txt --self-test || fail "the check itself does not find what it must"
python3 .ci/checks/voice.py .ci/checks/voice-words.txt || fail "see above: each line ends with what to write instead"
passed "$(grep -cvE '^(#|$)' .ci/checks/voice-words.txt) patterns, not found in $(git ls-files | wc -l) files"
