# Debian's gcompris-qt-data, whose photographs the checks of training and evaluation use.
# Sourced after .ci/lib.sh with the check's own folder in `folder`. Sets package.
# shellcheck shell=bash disable=SC2154
package=$work/gcompris-qt-data.deb
if [[ ! -s "$package" ]]; then
  (cd "$folder" && apt-get download -qq gcompris-qt-data 2>"$folder/apt-download.log" && mv gcompris-qt-data_*.deb "$package") ||
    { cat "$folder/apt-download.log"; fail "apt-get download gcompris-qt-data"; }
fi
