#!/bin/sh
# The browser tests drive the system's Chromium; where it is missing and may be installed, install it,
# else try Playwright's own. Without either, the tests' summary says so (and CI fails).
set -u
if command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; then
    exit 0
fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium for the browser tests"
    apt-get update -qq >/dev/null && apt-get install -y -qq chromium fonts-noto-cjk >/dev/null && exit 0
fi
.uv/bin/uv run --no-sync playwright install chromium || echo "No Chromium could be installed: the browser tests will not run"
