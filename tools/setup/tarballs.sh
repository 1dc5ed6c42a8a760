# The source tarballs of XNNPACK, its helpers and Catch2, as Debian keeps them, each pinned by its SHA-256. Where the
# archive has moved on, what it has instead is taken, which apt checks by the archive's signature, and that is said aloud.
set -euo pipefail
source "$(dirname "$0")/fetch.sh"
cd "$1"

# tarball PACKAGE/SUITE FILE SHA256: from PALATE_TARBALLS where it has the file, else from the archive.
tarball() {
  local ready=${PALATE_TARBALLS:+$PALATE_TARBALLS/$2}
  if [ -f "$ready" ]; then
    cp "$ready" .
  else
    private_apt source --download-only --tar-only "$1"
  fi
  if [ ! -f "$2" ] && ls "${2%%_*}"_*.orig.tar.* >/dev/null 2>&1; then
    echo "set-up: WARNING: the archive no longer has $2 (SHA-256 $3); $(ls "${2%%_*}"_*.orig.tar.*), which it has" \
      "signed, is taken instead. PALATE_TARBALLS may name a folder that holds the pinned file." >&3
    return
  fi
  check_sha256 "$2" "$3"
}

tarball xnnpack/trixie xnnpack_0.0~git20241108.4ea82e5.orig.tar.xz \
  90bde2caef0f880f627bab0dc805a86c4b8070cd98e3243db3046ab3f3be1a99
tarball pthreadpool/trixie pthreadpool_0.0~git20240616.560c60d.orig.tar.xz \
  4cc3cbd933b28131d2a34edc54f76af9fb41bc490af5eae1a5bd3cd07ea90708
tarball fxdiv/trixie fxdiv_0.0~git20200417.b408327.orig.tar.xz \
  7953482badaf4cb34026c3487c257b8e4ab2df061c019bd6fabbbc12ad52c44b
tarball cpuinfo/sid cpuinfo_0.0~git20250905.877328f.orig.tar.xz \
  557ca404a3836b9f335a3a06b65ff9fe9dbaaefab7fb5c0185f53d9f33615a10
tarball catch2/trixie catch2_3.7.1.orig.tar.gz \
  c991b247a1a0d7bb9c39aa35faf0fe9e19764213f28ffba3109388e62ee0269c
