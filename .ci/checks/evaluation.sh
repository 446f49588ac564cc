#!/usr/bin/env bash
# Figures of `inferencectl evaluate` against scikit-learn and scipy (evaluation_oracle.py), then the built-in model on
# dog photographs that packages ship, by the real local-invoke: resumed, compared, and judged (evaluation_run.py); its
# page and those of results and backfills in Chromium, light and dark, at 400 and 1,600 px (evaluation_pages.py). Needs
# a finished `swift build --build-tests`. The pictures stay in .build-ci/evaluation.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

folder=$work/evaluation
rm -rf "$folder"
mkdir -p "$folder/pages"
# shellcheck source=.ci/checks/training/photographs_package.sh
source .ci/checks/training/photographs_package.sh
make_venv evaluation scikit-learn==1.9.1 scipy==1.17.1 numpy==2.4.6 pillow==12.0.0 selenium==4.48.0 axe-core-python==0.1.0
python=$work/venv-evaluation/bin/python
programs=$(swift build --show-bin-path)

"$python" .ci/checks/evaluation_oracle.py cases "$folder/cases.json"
export EVALUATION_CASES=$folder/cases.json EVALUATION_OUTPUT=$folder/figures.json EVALUATION_PAGES=$folder/pages
run_tests 'OracleDumpTests|PageDumpTests' 2
figures=$("$python" .ci/checks/evaluation_oracle.py compare "$folder/cases.json" "$folder/figures.json") || fail "$figures"

# shellcheck disable=SC2154  # photographs_package.sh sets it.
"$python" .ci/checks/evaluation_run.py "$programs" "$package" "$folder" || fail "see above"

install_chromium chromium-driver
"$python" .ci/checks/evaluation_pages.py "$folder" "${chromium_options[@]}" || fail "see above"
passed "$figures; the built-in model on dog photographs, resumed and compared; 4 pages in Chromium without a barrier for axe-core"
