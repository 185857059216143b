#!/bin/bash
# Makes the RPM packages from programs that are built already, and compares what is in them with packaging/files:
# rpm.sh [OUTPUT], default .build/packages. BUILD and REVISION as in deb.sh.
# shellcheck disable=SC1091,SC2154  # stage.sh, and what it sets
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/stage.sh"
stage_tree "$root" "$stage/tree" "$root/.build/${BUILD:-release}"

cd "$stage/tree"
# The scriptlets are complete in the package: nothing of them is read from the host.
{ echo 'fresh=; if [ "$1" = 1 ]; then fresh=yes; fi'; cat packaging/scripts/start.sh packaging/scripts/post.sh; } > "$stage/post"
{ echo 'fresh=; if [ "$1" = 1 ]; then fresh=yes; fi'; cat packaging/scripts/post-doctor.sh; } > "$stage/post-doctor"
# A percent sign begins a macro in a spec.
sed -i 's/%/%%/g' "$stage/post" "$stage/post-doctor"
sed -e "/^#POST#\$/{r $stage/post" -e 'd}' -e "/^#POST-DOCTOR#\$/{r $stage/post-doctor" -e 'd}' \
    packaging/rpm/linux-patch-api.spec > "$stage/linux-patch-api.spec"
rpmbuild -bb --define "_topdir $stage/rpm" --define "stage $stage/tree" --define "version_ $version" \
    --define "release_ ${REVISION:-1}" "$stage/linux-patch-api.spec" >"$stage/log" 2>&1 || { tail -n 40 "$stage/log" >&2; exit 1; }

mkdir -p "$output"
for package in linux-patch-api patch-doctor; do
    made=$(echo "$stage"/rpm/RPMS/*/$package-"$version"-*.rpm)
    packaging/install.sh --list $package "" | cut -d' ' -f3 | sort > "$stage/listed"
    rpm --query --package --list --nosignature "$made" | grep -vx /etc/linux_patch_api | sort > "$stage/packed"
    diff "$stage/listed" "$stage/packed" || { echo "$package has other files than packaging/files lists" >&2; exit 1; }
    cp "$made" "$output"
    echo "$output/${made##*/}"
done
