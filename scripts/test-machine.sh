#!/bin/sh
# Makes sure that a machine can run the tests: Chromium and a Chinese font, and the independent
# readers (poppler, qpdf, openssl, NSS) that serve as oracles, and a clock set ahead.
set -eu
missing=""
command -v "${CHROMIUM:-chromium}" >/dev/null 2>&1 || missing="chromium fonts-wqy-microhei"
command -v pdfsig >/dev/null 2>&1 || missing="$missing poppler-utils"
command -v qpdf >/dev/null 2>&1 || missing="$missing qpdf"
command -v openssl >/dev/null 2>&1 || missing="$missing openssl"
command -v certutil >/dev/null 2>&1 || missing="$missing libnss3-tools"
command -v unzip >/dev/null 2>&1 || missing="$missing unzip"
command -v faketime >/dev/null 2>&1 || missing="$missing faketime"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq >/dev/null
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
if ! command -v "${CHROMIUM:-chromium}" >/dev/null 2>&1; then
  echo "Install Chromium, or set CHROMIUM to its path." >&2
  exit 1
fi
