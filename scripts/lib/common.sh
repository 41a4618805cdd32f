# Sourced by the scripts: they all run from the top of the clone, whatever the working directory.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# A script's first comment is its --help.
help() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"; }

die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# step TITLE COMMAND...: says what begins, and how long it took.
step() {
    local title=$1 start=$SECONDS status=0
    shift
    printf '== %s\n' "$title"
    "$@" || status=$?
    printf '== %s: %s, %d s\n' "$title" "$([[ $status == 0 ]] && echo done || echo FAILED)" \
        $((SECONDS - start))
    return $status
}

# On a terminal ninja overwrites its line; in a log every 25th is enough, and nothing for nothing.
progress() {
    awk '/^ninja: (Entering|no work)/ || /Re-checking globbed/ { next }
         /^\[[0-9]+\/[0-9]+\] / && ++n % 25 { next }
         { print; fflush() }'
}

# configure PRESET: only when there is a reason to; its output only when it fails.
configure() {
    local preset=$1 log
    [[ build/$preset/build.ninja -nt CMakePresets.json ]] && return
    mkdir -p "build/$preset"
    log=build/$preset/configure.log
    cmake --preset "$preset" >"$log" 2>&1 || { cat "$log"; return 1; }
}

# build PRESET TARGET...
build() {
    local preset=$1
    shift
    configure "$preset" || return
    if [[ -t 1 ]]; then ninja -C "build/$preset" "$@"; else ninja -C "build/$preset" "$@" | progress; fi
}
