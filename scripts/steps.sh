# shellcheck shell=bash
# What the scripts share: named and timed steps, clean-up on exit, and installing a tool only where it is missing.
# Sourced, never run. It moves to the root of the project, so every path in a script is relative to that.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export RUST_BACKTRACE=0
export DEBIAN_FRONTEND=noninteractive
# A newer pip or npm is nobody's business in a test log.
export PIP_DISABLE_PIP_VERSION_CHECK=1 NPM_CONFIG_UPDATE_NOTIFIER=false

target_dir="${CARGO_TARGET_DIR:-$PWD/target}"
cache_dir="${XDG_CACHE_HOME:-$HOME/.cache}/plenum"
mkdir -p "$cache_dir"

# The Python with the packages of tests/foreign/requirements.txt.
venv_dir="$cache_dir/venv"

current_step=

# step NAME COMMAND...: runs the command between two lines that say what it is and how many seconds it took.
# (No `if` around the command: bash would then go on after a failure inside a function.)
step() {
    local began=$SECONDS
    current_step="$1"
    shift
    printf '\n== %s\n' "$current_step"
    "$@"
    printf '== %s: %d s\n' "$current_step" $((SECONDS - began))
    current_step=
}

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

exit_commands=()
trap run_exit_commands EXIT

# on_exit COMMAND: runs it when the script ends, however it ends; the last registered first.
on_exit() {
    exit_commands=("$1" "${exit_commands[@]}")
}

run_exit_commands() {
    local status=$? command
    [[ "$status" -eq 0 || -z "$current_step" ]] || printf '== %s: FAILED\n' "$current_step"
    for command in "${exit_commands[@]}"; do
        eval "$command" || true
    done
    exit "$status"
}

# make_scratch: makes a directory that is gone when the script ends; its path is in $scratch.
make_scratch() {
    scratch="$(mktemp -d "${TMPDIR:-/tmp}/plenum.XXXXXX")"
    on_exit "rm -rf '$scratch'"
}

# memory_dir: where files that nobody keeps are made fastest: in memory where there is enough of it, else where all are.
memory_dir() {
    local free
    free="$(df --output=avail -k /dev/shm 2>/dev/null | tail -n1)"
    if [[ -w /dev/shm && "${free:-0}" -gt 4000000 ]]; then echo /dev/shm; else echo "${TMPDIR:-/tmp}"; fi
}

as_root() {
    if [[ $EUID -eq 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "need root to run: $*. Run it as root once, or install sudo."
    fi
}

# install_debian PACKAGE...: from the distribution's own packages.
install_debian() {
    command -v apt-get >/dev/null || die "please install what Debian calls: $*"
    as_root apt-get update -qq
    as_root apt-get install -y -qq --no-install-recommends "$@" </dev/null
}

# with_lock NAME COMMAND...: two runs on one machine do not install the same thing at the same time.
with_lock() {
    local lock="$cache_dir/$1.lock"
    shift
    ( flock 9; "$@" ) 9>"$lock"
}

need_compiler() {
    command -v cargo >/dev/null || die "cargo is missing. Install Rust with rustup; rust-toolchain.toml names the version."
    command -v cc >/dev/null || install_debian gcc libc6-dev
}

need_node() {
    { command -v node && command -v npm; } >/dev/null || die "Node.js 20.19 or later with npm is missing. Install it."
}

need_python_packages() {
    with_lock venv make_venv
    export PLENUM_TEST_PYTHON="$venv_dir/bin/python"
}

make_venv() {
    local list=tests/foreign/requirements.txt wanted
    python3 -c 'import ensurepip, venv' 2>/dev/null || install_debian python3 python3-venv
    wanted="$(python3 --version; sha256sum <"$list")"
    [[ -f "$venv_dir/stamp" && "$(<"$venv_dir/stamp")" == "$wanted" ]] && return
    rm -rf "$venv_dir"
    python3 -m venv "$venv_dir"
    "$venv_dir/bin/pip" install --quiet --requirement "$list"
    printf '%s' "$wanted" >"$venv_dir/stamp"
}

# need_npm_packages FOLDER: what its package-lock.json says, into its node_modules.
need_npm_packages() {
    need_node
    local folder="$1" stamp="$1/node_modules/.stamp" wanted
    wanted="$(node --version; sha256sum <"$folder/package-lock.json")"
    [[ -f "$stamp" && "$(<"$stamp")" == "$wanted" ]] && return
    ( cd "$folder" && npm ci --no-audit --no-fund --loglevel=error )
    printf '%s' "$wanted" >"$stamp"
}

need_chromium() {
    if [[ -z "${PLENUM_CHROMIUM:-}" ]]; then
        command -v chromium >/dev/null || install_debian chromium fonts-dejavu-core
        PLENUM_CHROMIUM="$(command -v chromium)"
    fi
    export PLENUM_CHROMIUM
}

# A word processor and spreadsheets of somebody else, readers of PDF, and a font for Korean.
need_office() {
    [[ -d /usr/share/fonts/truetype/nanum ]] || install_debian fonts-nanum
    command -v soffice >/dev/null || install_debian libreoffice-writer-nogui libreoffice-calc-nogui
    { command -v pdftotext && command -v pdfinfo; } >/dev/null || install_debian poppler-utils
}

# The C library by which Evolution, KDE and Cyrus read calendars.
need_libical() {
    ldconfig -p | grep -q 'libical\.so' || install_debian libical-dev
}

# build_plenum: the debug binary, with the features the tests are built with, so that nothing is compiled twice.
# It is copied into $scratch: a target directory shared by several clones may be written to while we run.
build_plenum() {
    cargo test --workspace --no-run --quiet
    cp "$target_dir/debug/plenum" "$scratch/plenum"
    plenum="$scratch/plenum"
}

# Every PLENUM_ variable is an option of the server; those of the caller and of the scripts are kept from it.
without_options() {
    local variable unset=()
    for variable in "${!PLENUM_@}"; do unset+=(--unset="$variable"); done
    exec env "${unset[@]}" "$@"
}

# make_key ROLE DATA [OPTION]...: prints a new API key of the database in DATA.
make_key() {
    ( without_options "$plenum" key create --name "contract-$1" --role "$1" --data-dir "$2" "${@:3}" )
}

# start_plenum LOG ARGUMENT...: `plenum serve` on a free port of the loopback interface, or where $listen says; its
# address is in $plenum_url.
# It is stopped when the script ends.
start_plenum() {
    local log="$1" tries
    shift
    : >"$log"
    without_options "$plenum" serve --listen "${listen:-127.0.0.1:0}" --drain-delay-seconds 0 "$@" >"$log" 2>&1 </dev/null &
    local pid=$!
    on_exit "kill $pid 2>/dev/null && wait $pid 2>/dev/null"
    # A debug build on a busy machine takes its time to load the demo data.
    for ((tries = 0; tries < 1800; tries++)); do
        # The first line that a server prints, when it is ready; its address comes first.
        plenum_url="$(sed -nE 's/^Plenum is ready at (http:[^ ]+).*/\1/p' "$log")"
        [[ -n "$plenum_url" ]] && return
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    cat "$log" >&2
    die "plenum serve did not become ready"
}
