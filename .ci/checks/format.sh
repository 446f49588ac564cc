#!/usr/bin/env bash
# swift-format finds nothing.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

swift format lint --strict -r Sources Tests Package.swift || fail "see above"
passed "$(git ls-files '*.swift' | wc -l) files are formatted"
