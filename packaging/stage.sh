# shellcheck shell=bash
# Sourced, with the script's own words: stages what every kind of package is made from. Sets `root`, the project; `output`,
# where packages go; `stage`, a directory that goes with the script.
# shellcheck disable=SC2034  # used where it is sourced
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
output=$(realpath -m "${1:-$root/.build/packages}")
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
umask 022

# Where everything built says its version, and the time that all files bear: the last commit's.
read_version() {
    version=$(sed -n 's/.*current = "\(.*\)"/\1/p' "$1/Sources/Values/Version.swift")
    test -n "$version" || { echo "no version in Sources/Values/Version.swift" >&2; return 1; }
    if [[ -z ${SOURCE_DATE_EPOCH:-} ]]; then
        SOURCE_DATE_EPOCH=$(git -C "$1" log -1 --format=%ct 2>/dev/null) || SOURCE_DATE_EPOCH=$(stat -c %Y "$1/CHANGELOG.md")
    fi
    export SOURCE_DATE_EPOCH
}

# Puts what decides about a start in the place of the line that stands for it.
include_start() { sed -i -e '/^#START#$/{r packaging/scripts/start.sh' -e 'd}' "$1"; }

# stage_tree PROJECT TREE PROGRAMS: the project's files, the programs, and what the programs print of themselves.
stage_tree() {
    read_version "$1"
    mkdir -p "$2/built/completions"
    cp -r "$1"/{configs,docs,packaging,CHANGELOG.md,LICENSE} "$2"
    for program in linux-patch-api patch-doctor; do
        test -x "$3/$program" || { echo "no '$program' in $3: run 'make release agent'" >&2; return 1; }
        cp "$3/$program" "$2/built"
        said=$("$3/$program" --version)
        test "$said" = "$version" || { echo "'$3/$program' is $said, and the source is $version: build it" >&2; return 1; }
        for shell in bash zsh fish; do
            # Sourced, never run.
            "$3/$program" --generate-completion-script $shell | sed '1{/^#!/d}' > "$2/built/completions/$program.$shell"
        done
    done
    find "$2" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
}
