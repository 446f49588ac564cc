#!/usr/bin/env bash
# The executable `bootstrap` neither links Foundation or Dispatch nor contains a symbol of Foundation.
# local-invoke, which uses Foundation, shows that the search would find it. Needs a finished build of both.
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

programs=$(swift build --show-bin-path)

# All names in the symbol tables, static and dynamic, and the names of the libraries that are loaded.
names() {
  nm "$programs/$1"
  nm -D "$programs/$1"
  ldd "$programs/$1"
}
count() { names "$1" | grep -c Foundation || true; }

control=$(count local-invoke)
[[ "$control" -gt 0 ]] || fail "no Foundation found in local-invoke either: the search does not work"
found=$(count bootstrap)
if [[ "$found" != 0 ]]; then
  names bootstrap | grep Foundation | head -n 5
  fail "$found names of Foundation in bootstrap"
fi
libraries=$(readelf -d "$programs/bootstrap" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
[[ -n "$libraries" ]] || fail "readelf shows no libraries"
if grep -iE 'foundation|dispatch|icu' <<<"$libraries"; then
  fail "bootstrap links the libraries above"
fi
passed "no name of Foundation in bootstrap ($control in local-invoke); it links $(tr '\n' ' ' <<<"$libraries")"
