#!/bin/bash
# Makes the Arch packages from programs that are built already, and compares what is in them with packaging/files:
# arch.sh [OUTPUT], default .build/packages. BUILD and REVISION as in deb.sh. makepkg refuses root: as root it runs as
# nobody.
# shellcheck disable=SC1091,SC2154  # stage.sh, and what it sets
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/stage.sh"
stage_tree "$root" "$stage/arch/tree" "$root/.build/${BUILD:-release}"

cd "$stage/arch"
sed -e "s/@version@/$version/" -e "s/@revision@/${REVISION:-1}/" tree/packaging/arch/PKGBUILD > PKGBUILD
sed -e '/^#START#$/{r tree/packaging/scripts/start.sh' -e 'd}' -e '/^#POST#$/{r tree/packaging/scripts/post.sh' -e 'd}' \
    tree/packaging/arch/linux-patch-api.install > linux-patch-api.install
mkdir made
as_user=()
if [[ $EUID == 0 ]]; then
    chmod 0755 "$stage"
    chown -R nobody "$stage/arch"
    as_user=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
fi
"${as_user[@]}" env HOME="$stage/arch" PKGDEST="$stage/arch/made" PKGEXT=.pkg.tar.zst \
    makepkg --nodeps --nocheck --force >"$stage/log" 2>&1 || { tail -n 40 "$stage/log" >&2; exit 1; }

mkdir -p "$output"
for package in linux-patch-api patch-doctor; do
    made=$(echo made/$package-"$version"-*.pkg.tar.zst)
    tree/packaging/install.sh --list $package "" | cut -d' ' -f3 | sort > "$stage/listed"
    tar --zstd -tf "$made" | grep -v '/$' | grep -vE '^\.(BUILDINFO|PKGINFO|MTREE|INSTALL)$' | sed 's|^|/|' | sort > "$stage/packed"
    diff "$stage/listed" "$stage/packed" || { echo "$package has other files than packaging/files lists" >&2; exit 1; }
    cp "$made" "$output"
    echo "$output/${made##*/}"
done
