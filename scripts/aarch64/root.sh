#!/usr/bin/env bash
# Unpacks the libraries for 64-bit Arm under build/aarch64-root, for the preset aarch64.
#
#   MIRROR=http://deb.debian.org/debian    where Debian's packages are
#
# Needs no root and installs nothing: Debian's packages are fetched for the other processor and laid
# out in that folder alone, beside lists of packages of its own. Exit status: 0 all is there; 3 it
# cannot be had, with the line that says what to install.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

packages=(libbenchmark-dev libbenchmark1debian libhwy-dev libhwy1 catch2 nlohmann-json3-dev
  libcli11-dev libeigen3-dev libopenblas0-pthread libgfortran5)
root=$PWD/build/aarch64-root
log=$root/log

say() { printf 'Root for aarch64: %s\n' "$*"; }

impossible() {
  say "$*" >&2
  exit 3
}

for tool in aarch64-linux-gnu-g++ qemu-aarch64-static apt-get dpkg-deb; do
  command -v "$tool" > /dev/null ||
    impossible "there is no $tool. On Debian: sudo apt-get install g++-aarch64-linux-gnu qemu-user-static"
done
# shellcheck source=/dev/null
. /etc/os-release
[[ ${ID:-} == debian ]] || impossible "its packages are Debian's, and this is ${PRETTY_NAME:-another system}."

wanted="$VERSION_CODENAME ${packages[*]}"
[[ -f $root/unpacked && "$(< "$root/unpacked")" == "$wanted" ]] && exit 0

rm -rf "$root"
mkdir -p "$root"/apt/{lists/partial,cache/archives/partial}
: > "$root/apt/status"
keys=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [arch=arm64 signed-by=$keys] ${MIRROR:-http://deb.debian.org/debian} $VERSION_CODENAME main" \
  > "$root/apt/sources.list"
options=(-o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o APT::Sandbox::User=
  -o Dir::Etc::SourceList="$root/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null
  -o Dir::State="$root/apt" -o Dir::State::Lists="$root/apt/lists" -o Dir::State::Status="$root/apt/status"
  -o Dir::Cache="$root/apt/cache" -o Acquire::Languages=none)

say "fetching ${#packages[@]} packages"
{
  apt-get "${options[@]}" update
  cd "$root/apt"
  apt-get "${options[@]}" download "${packages[@]}"
} > "$log" 2>&1 || impossible "$(grep -m 1 '^E:' "$log" || echo "apt-get failed"), all of it is in $log"
for package in "$root"/apt/*.deb; do dpkg-deb --extract "$package" "$root"; done
rm -rf "$root/apt"
echo "$wanted" > "$root/unpacked"
