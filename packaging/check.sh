#!/bin/bash
# What must be so of the Debian packages: scripts that shellcheck has nothing to say of, the same bytes from two builds
# with different directories, umasks, time zones and languages, nothing but what packaging/files lists, lintian without
# an error or a warning, and a patch-doctor of at most 25 MiB. The programs are built once: two builds of them take longer
# than anybody waits.
# shellcheck disable=SC2086
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=${here%/*}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fail() { echo "deb-check: $*" >&2; exit 1; }

# What is included is complete there only.
sed -e "/^#START#\$/{r $here/scripts/start.sh" -e 'd}' "$here/debian/linux-patch-api.postinst" > "$scratch/postinst"
sed -e "/^#START#\$/{r $here/scripts/start.sh" -e 'd}' -e "/^#POST#\$/{r $here/scripts/post.sh" -e 'd}' \
    "$here/arch/linux-patch-api.install" > "$scratch/install"
shellcheck --shell=sh --exclude=SC2016,SC2154 "$scratch/postinst" "$scratch/install" "$here"/debian/*.{preinst,prerm,postrm} \
    "$here/debian/patch-doctor.postinst" "$here/install.sh" || fail "shellcheck"
shellcheck --exclude=SC2016 "$here"/{deb,rpm,arch,stage,check}.sh || fail "shellcheck"

mkdir -p "$scratch/here/a/long/way/down"
TMPDIR=$scratch "$here/deb.sh" "$scratch/first" >/dev/null
(umask 077; TZ=Asia/Kathmandu LC_ALL=C.UTF-8 TMPDIR=$scratch/here/a/long/way/down "$here/deb.sh" "$scratch/second" >/dev/null)
for deb in "$scratch"/first/*.deb; do
    cmp "$deb" "$scratch/second/${deb##*/}" || fail "two builds of ${deb##*/} differ"
    echo "${deb##*/}: two builds are the same, sha256 $(sha256sum < "$deb" | cut -d' ' -f1)"
done

for deb in "$scratch"/first/*.deb; do
    package=$(dpkg-deb --field "$deb" Package)
    UNITS=/lib/systemd/system ZSH=/usr/share/zsh/vendor-completions BUILT=$root/.build/release \
        "$here/install.sh" --list "$package" "" | cut -d' ' -f3 | sort > "$scratch/listed"
    # What debhelper adds of its own, and compresses.
    dpkg-deb --contents "$deb" | awk '$1 !~ /^d/ { sub(/^\./, "", $6); print $6 }' | sed 's/^\(.*man[0-9].*\)\.gz$/\1/' |
        grep -vE "^/usr/share/doc/$package/(changelog\.gz|changelog\.Debian\.gz|copyright)\$|^/usr/share/lintian/" |
        sort > "$scratch/packed"
    diff "$scratch/listed" "$scratch/packed" || fail "$package has other files than packaging/files lists"
    echo "$package: the $(wc -l < "$scratch/listed") files that packaging/files lists"
done

size=$(dpkg-deb --field "$scratch"/first/patch-doctor_*.deb Installed-Size)
echo "patch-doctor: $size KiB installed"
test "$size" -le 25600 || fail "patch-doctor is larger than 25 MiB installed"
as_user=(); if [[ $EUID == 0 ]]; then as_user=(--allow-root); fi
lintian "${as_user[@]}" --fail-on error,warning "$scratch"/first/*.changes || fail "lintian"
echo "lintian: no error, no warning"
