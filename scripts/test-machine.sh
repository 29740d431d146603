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
# BouncyCastle judges the Chinese suite where it can be had; without it that one test says so.
java --list-modules 2>/dev/null | grep -q jdk.compiler || wanted="default-jdk-headless"
[ -e /usr/share/java/bcpkix.jar ] || wanted="${wanted:-} libbcpkix-java"
[ -n "$missing${wanted:-}" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq >/dev/null
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ${wanted:-} \
    >/dev/null || echo "BouncyCastle cannot be installed: it is not asked." >&2
fi
if ! command -v "${CHROMIUM:-chromium}" >/dev/null 2>&1; then
  echo "Install Chromium, or set CHROMIUM to its path." >&2
  exit 1
fi
