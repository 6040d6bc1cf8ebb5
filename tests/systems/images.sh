#!/usr/bin/env bash
# Follows the recipes of images where none can be pulled, with buildah and a root of Debian in the
# place of the image that they begin with:
#
#   tests/systems/images.sh build/systems/base-trixie
#
# Builds the Containerfile and measures in the image; then takes the Apptainer definition's steps,
# and sets up a checkout in what comes of them. Words after the root go to `buildah build`. Exit
# status: 0 all went well; 2 bad usage; 3 buildah is missing; else that of the step that failed.
set -euo pipefail

if [[ $# -lt 1 || ! -e $1/etc/debian_version ]]; then
  echo "usage: tests/systems/images.sh ROOT [option of buildah build ...]" >&2
  exit 2
fi
command -v buildah > /dev/null || { echo "images.sh: buildah is not installed" >&2; exit 3; }
root=$(realpath "$1")
shift
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export BUILDAH_ISOLATION=chroot
definition=scripts/containers/mythbench.def

containers=()
trap 'buildah rm "${containers[@]}" > /dev/null' EXIT
begin() {
  container=$(buildah from --pull-never "$1")
  containers+=("$container")
}

image=$(sed -n 's/^FROM //p' Containerfile)
begin scratch
cp -a "$root/." "$(buildah mount "$container")"
buildah commit --quiet "$container" "$image" > /dev/null

echo "Containerfile: building"
buildah build --pull-never --network host --tag mythbench "$@" .
begin mythbench
buildah run "$container" make bench QUICK=1 BUDGET=20s ONLY=dummy_objects

echo "$definition: its steps"
begin "$image"
buildah copy --quiet "$container" scripts/packages.txt /tmp/packages.txt > /dev/null
buildah run --network host "$container" bash -e -c "$(sed -n '/^%post/,/^%/{/^%/d;p}' "$definition")"
buildah copy --quiet "$container" . /checkout > /dev/null
environment=$(sed -n '/^%environment/,${/^%/d;p}' "$definition")
buildah run --network none --workingdir /checkout "$container" bash -e -c "$environment
  scripts/set_up.sh test"
