#!/usr/bin/env bash
# Memory and descriptors over many invocations (Sources/Measuring/soak), by default 20,000; SOAK_COUNT=200000 is the
# whole soak and takes a few minutes. The program of dist/bootstrap.zip, or BOOTSTRAP.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

meter=Sources/Measuring/meter
clang -O2 -Wall -Wextra -Werror -o "$work/soak" -I$meter/include Sources/Measuring/soak/main.c $meter/*.c -lssl -lcrypto
take_bootstrap
"$work/soak" "${SOAK_COUNT:-20000}" "$BOOTSTRAP"
