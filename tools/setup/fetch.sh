# Fetching by name: through npm, and through apt with a package list of its own that leaves the system's untouched.
# No host is named here: the system's configuration of apt and npm decides. Sourced by the scripts of the parts.

# check_sha256 FILE SUM
check_sha256() {
  echo "$2  $1" | sha256sum --check --quiet - || { echo "$1 is not the file that was pinned" >&2; return 1; }
}

# fetch_npm SPEC SHA256: leaves the package's tarball in the working folder and prints its name.
fetch_npm() {
  local file
  file=$(npm pack --silent --ignore-scripts "$1")
  check_sha256 "$file" "$2"
  echo "$file"
}

# private_apt COMMAND...: apt-get with lists of bookworm's and trixie's packages and trixie's and sid's
# sources, all inside the scratch folder.
private_apt() {
  local tree=$PALATE_SCRATCH/apt
  [ -e "$tree/ready" ] || make_apt_tree "$tree"
  APT_CONFIG=$tree/apt.conf apt-get -q "$@"
}

make_apt_tree() {
  local tree=$1 archive
  archive=$(debian_archive)
  mkdir -p "$tree"/{etc/sources.list.d,etc/apt.conf.d,etc/preferences.d,lists/partial,cache/archives/partial,log}
  : >"$tree/status"
  cat >"$tree/etc/sources.list.d/debian.sources" <<END
Types: deb
URIs: $archive
Suites: bookworm trixie
Components: main
Architectures: amd64
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb-src
URIs: $archive
Suites: trixie sid
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
  # A mirror that is a snapshot outlives its lists' dates; they are signed all the same.
  { apt-config dump | grep '^Acquire::'; cat; } >"$tree/apt.conf" <<END
Dir::Etc "$tree/etc";
Dir::Etc::netrc "/etc/apt/auth.conf";
Dir::Etc::netrcparts "/etc/apt/auth.conf.d";
Dir::State "$tree";
Dir::State::status "$tree/status";
Dir::Cache "$tree/cache";
Dir::Log "$tree/log";
APT::Architecture "amd64";
APT::Architectures { "amd64"; };
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::Check-Valid-Until "false";
END
  APT_CONFIG=$tree/apt.conf apt-get -q update
  touch "$tree/ready"
}

# The address of the Debian archive as the system's apt knows it: of the first suite whose name has no suffix.
debian_archive() {
  local release
  release=$(. /etc/os-release && echo "$VERSION_CODENAME")
  apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
    awk -v release="$release" '($2 == release || $2 == "stable") && !found++ { print $1 } END { exit !found }' || {
    echo "apt knows no Debian archive for $release" >&2
    return 1
  }
}

# unpack_debs SUITE FOLDER PACKAGE...: downloads packages of one suite and unpacks them into the folder.
unpack_debs() {
  local suite=$1 folder=$2 debs deb
  debs=$(mktemp -d -p "$PALATE_SCRATCH")
  (cd "$debs" && private_apt download "${@:3}" -t "$suite")
  mkdir -p "$folder"
  for deb in "$debs"/*.deb; do dpkg -x "$deb" "$folder"; done
  rm -r "$debs"
}
