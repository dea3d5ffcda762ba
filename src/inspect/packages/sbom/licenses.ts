/**
 * Identifiers of the SPDX licence list that packages really name, in the spelling of the list (spdx.org/licenses). Others are kept as
 * names: a wrong identifier is worse than a plain name.
 */
const identifiers = `0BSD AFL-2.1 AGPL-3.0 AGPL-3.0-only AGPL-3.0-or-later Apache-1.1 Apache-2.0 Artistic-1.0 Artistic-1.0-Perl Artistic-2.0
BSD-1-Clause BSD-2-Clause BSD-2-Clause-Patent BSD-3-Clause BSD-4-Clause BSD-4-Clause-UC BSL-1.0 BlueOak-1.0.0 CC-BY-3.0 CC-BY-4.0
CC-BY-SA-4.0 CC0-1.0 CDDL-1.0 CDDL-1.1 CPL-1.0 EPL-1.0 EPL-2.0 EUPL-1.2 FSFAP FTL GFDL-1.3-only GFDL-1.3-or-later GPL-1.0-only
GPL-1.0-or-later GPL-2.0 GPL-2.0+ GPL-2.0-only GPL-2.0-or-later GPL-3.0 GPL-3.0+ GPL-3.0-only GPL-3.0-or-later HPND ICU IJG ISC
LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1 LGPL-2.1+ LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0 LGPL-3.0-only LGPL-3.0-or-later Libpng MIT
MIT-0 MIT-CMU MPL-1.1 MPL-2.0 NCSA OFL-1.1 OLDAP-2.8 OpenSSL PHP-3.01 PSF-2.0 PostgreSQL Python-2.0 Ruby SMLNJ SSPL-1.0 TCL Unicode-DFS-2016
Unlicense Vim W3C WTFPL X11 ZPL-2.1 Zlib blessing bzip2-1.0.6 curl zlib-acknowledgement`;
const known: ReadonlySet<string> = new Set(identifiers.split(/\s+/));

export function isSpdxIdentifier(text: string): boolean {
  return known.has(text);
}

/** Whether a text is an SPDX expression of more than one known identifier: `GPL-2.0-only AND (MIT OR Zlib)`. */
export function isSpdxExpression(text: string): boolean {
  if (text.length > 1000 || !/ (?:AND|OR|WITH) /.test(text)) return false;
  let depth = 0;
  let wantsLicense = true;
  for (const token of text.replaceAll('(', ' ( ').replaceAll(')', ' ) ').trim().split(/\s+/)) {
    if (token === '(') depth += wantsLicense ? 1 : Number.NaN;
    else if (token === ')') depth -= wantsLicense ? Number.NaN : 1;
    else if (token === 'AND' || token === 'OR') {
      if (wantsLicense) return false;
      wantsLicense = true;
    } else if (wantsLicense && known.has(token)) wantsLicense = false;
    else return false;
    if (!(depth >= 0)) return false;
  }
  return depth === 0 && !wantsLicense;
}
