# The Debian packages that Palate needs: installed when this runs as root, otherwise named in the one line to run.
set -euo pipefail

packages=(
  g++ cmake ninja-build ccache git python3 xz-utils ca-certificates dpkg-dev clang-format-14 clang-tidy-14
  libeigen3-dev libcli11-dev libtomlplusplus-dev nlohmann-json3-dev zlib1g-dev
  chromium firefox-esr webkit2gtk-driver xvfb xauth fonts-dejavu-core
)
command -v npm >/dev/null || packages+=(npm)

# dpkg-query fails where it does not know one of them, and still lists the others.
known=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null) || true
installed=$(sed -n 's/^installed //p' <<<"$known")
missing=$(comm -23 <(printf '%s\n' "${packages[@]}" | sort) <(sort <<<"$installed"))
[ -n "$missing" ] || exit 0

install="apt-get install -y --no-install-recommends $(tr '\n' ' ' <<<"$missing")"
if [ "$(id -u)" != 0 ]; then
  echo "set-up: some Debian packages are missing; run this, then call again:" >&2
  echo "  sudo apt-get update && sudo $install" >&2
  exit 1
fi
start=$SECONDS
echo "set-up: Debian packages:" $missing >&2
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
{ apt-get -q update && $install -q -o DPkg::Lock::Timeout=600; } >"$log" 2>&1 || {
  tail -n 40 "$log" >&2
  echo "set-up: Debian packages failed; the whole log is $log" >&2
  exit 1
}
rm "$log"
echo "set-up: Debian packages: $((SECONDS - start)) s" >&2
