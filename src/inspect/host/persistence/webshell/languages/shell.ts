import { judged, runsCommand, type ScriptLanguage } from '../script-language.ts';

/** CGI in a shell. */
export const shell: ScriptLanguage = {
  lexis: {
    tokens: /(?<=^|\s)#[^\n]*|'[^']*(?:'|$)/gm,
    join: '',
  },
  endsAtLine: true,
  request:
    /\$\{?(?:QUERY_STRING|HTTP_(?!HOST\b)[A-Z_]{1,40}|REQUEST_URI|PATH_INFO)\b|\$\(\s{0,4}(?:cat\s{0,4}\)|(?:head|dd)\b[^)\n]{0,60}CONTENT_LENGTH)/,
  harmless: /\$\(\([^()]{0,200}\)\)|\$\{#\w{1,60}\}/g,
  assigns: /(?<![\w$-])(?<names>[A-Za-z_]\w{0,60})(?<op>=)(?=["$]|\x60)/g,
  gives: /\bread\b[^\n|;]{0,60}\$\{?CONTENT_LENGTH\}?["']?\s{1,4}(?<given>[A-Za-z_]\w{0,40})/g,
  calls:
    /(?:^|[;|&({]|\b(?:then|do|else)\s)\s{0,8}(?:eval|(?:\/bin\/)?(?:ba|da|z|k)?sh\s{1,4}-\w{0,3}c)\s|^\s{0,8}(?=\$\{?\w{1,60}\}?\s{0,4}(?:$|2?>|\|))|\b(?:echo|printf)\b(?=[^\n|]{1,200}\|\s{0,4}(?:\/bin\/)?(?:ba|da|z|k)?sh\b\s{0,4}(?:$|[;\n)2>]))/gm,
  judge(_call, parts, check) {
    return judged(runsCommand, check(parts.join(',')), 0.85);
  },
};
