# Sourced by scripts/run and scripts/test: the system packages Cueloom needs, and how they get here.

# What the build links or generates bindings from.
build_packages="pkg-config gcc g++ clang libclang-dev libasound2-dev
  libavcodec-dev libavformat-dev libavutil-dev libswscale-dev libswresample-dev"
# What it speaks with (espeak-ng is opened at run time by a helper process, flite is a command) and draws on.
run_packages="espeak-ng espeak-ng-data libespeak-ng1 flite ffmpeg
  mesa-vulkan-drivers libvulkan1 libgl1 libxkbcommon-x11-0 libxcursor1 libxrandr2 libxi6 libx11-xcb1 zenity"

say() { printf '%s\n' "$*" >&2; }

# Installs those of the given Debian packages that are missing.
need_packages() {
  if ! command -v dpkg-query >/dev/null; then
    say "This is not a Debian or Ubuntu system: please see \"Other systems\" in README.md for the packages."
    return 0
  fi
  local missing=()
  for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  say "Installing system packages (FFmpeg and its headers, sound, speech and drawing libraries):"
  say "  ${missing[*]}"
  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { say "Not root and no sudo: ask an administrator to install these packages."; return 1; }
    say "sudo is needed for that and may ask for your password."
    sudo=(sudo)
  fi
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

need_cargo() {
  [ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
  command -v cargo >/dev/null || { say "Rust is missing: install it from https://rustup.rs (1.95 or newer), then run this again."; return 1; }
}

# One target folder for everything, outside the checkout, so that the checkout stays small.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/cueloom/target}"
