#!/bin/bash
# Makes the Debian packages from programs that are built already: deb.sh [OUTPUT], default .build/packages. BUILD names the
# build (release), REVISION the package's revision (1). dpkg wants debian/ at the top, so a tree is staged elsewhere.
# shellcheck disable=SC1091,SC2154  # stage.sh, and what it sets
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/stage.sh"
stage_tree "$root" "$stage/linux-patch-api" "$root/.build/${BUILD:-release}"

cd "$stage/linux-patch-api"
cp -r packaging/debian debian
include_start debian/linux-patch-api.postinst
cat > debian/changelog <<END
linux-patch-api ($version-${REVISION:-1}) bookworm; urgency=medium

  * Release $version: changelog.gz beside this file says what is new.

 -- linux-patch-api maintainers <maintainers@linux-patch-api.example>  $(date -R -u -d "@$SOURCE_DATE_EPOCH")
END
dpkg-buildpackage --build=binary --no-sign >"$stage/log" 2>&1 || { tail -n 40 "$stage/log" >&2; exit 1; }
mkdir -p "$output"
cp "$stage"/*.deb "$stage"/*.changes "$stage"/*.buildinfo "$output"
(cd "$stage" && ls -- *.deb) | sed "s|^|$output/|"
