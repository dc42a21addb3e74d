#!/bin/sh
# Finds a Chrome or Chromium for `make`, or installs Debian's when that is possible; otherwise says what
# to install. The program itself looks in the same places.
set -eu

found() {
    if [ -n "${CHROME:-}" ]; then
        case "$CHROME" in ws://* | wss://*) return 0 ;; esac
        [ -x "$CHROME" ] || command -v "$CHROME" >/dev/null 2>&1 && return 0
        echo "CHROME is set to $CHROME, and there is no such program." >&2
        exit 2
    fi
    for name in chromium-headless-shell chrome-headless-shell headless_shell chromium chromium-browser \
        google-chrome google-chrome-stable chrome microsoft-edge; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    for place in /usr/bin/chromium /usr/bin/chromium-headless-shell /usr/lib/chromium/chromium /snap/bin/chromium \
        /opt/google/chrome/chrome "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
        [ -x "$place" ] && return 0
    done
    return 1
}

found && exit 0

install() {
    echo "No Chrome or Chromium found; installing Debian's $1 …"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$1" fonts-dejavu-core >/dev/null
}

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -q >/dev/null 2>&1 || true
    install chromium-headless-shell || install chromium || true
    found && exit 0
fi

cat >&2 <<'EOF'
No Chrome or Chromium was found. Install one and try again:
  Debian:        sudo apt-get install chromium-headless-shell    (or: chromium)
  Ubuntu:        sudo snap install chromium
  Fedora:        sudo dnf install chromium-headless              (or: chromium)
  elsewhere:     https://www.google.com/chrome/
or name one that is already there: CHROME=/path/to/chrome make demo
EOF
exit 2
