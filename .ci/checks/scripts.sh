#!/usr/bin/env bash
# The shell scripts pass shellcheck; the Python scripts are Python.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

mapfile -t shell < <(git ls-files .ci/run '*.sh')
shellcheck -x -s bash "${shell[@]}" || fail "see above"
mapfile -t python < <(git ls-files '*.py')
python3 - "${python[@]}" <<'PYTHON' || fail "see above"
import ast, sys

for path in sys.argv[1:]:
    with open(path) as file:
        ast.parse(file.read(), path)
PYTHON
passed "${#shell[@]} shell and ${#python[@]} Python scripts"
