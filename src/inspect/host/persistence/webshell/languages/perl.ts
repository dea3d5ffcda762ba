import {
  judged,
  programCall,
  runsCode,
  runsCommand,
  type Check,
  type Judgement,
  type ScriptLanguage,
} from '../script-language.ts';

/** Perl: CGI by hand and by CGI.pm, Mojolicious, Dancer. */
export const perl: ScriptLanguage = {
  lexis: {
    tokens:
      /(?<![$@%\\])#[^\n]*|^=[a-z]\w{0,20}[\s\S]*?(?:^=cut[^\n]*|$(?![\s\S]))|"(?:[^"\\]|\\[\s\S])*(?:"|$)|'(?:[^'\\]|\\[\s\S])*(?:'|$)|`(?:[^`\\]|\\[\s\S])*(?:`|$)|(?<=(?:=~|!~|\(|,|split|and|if|unless)\s{0,4})(?:m|qr|s|tr|y)?\/(?:[^/\\\n]|\\.)*\/(?:(?<=(?:s|tr|y)\/(?:[^/\\\n]|\\.){0,200}\/)(?:[^/\\\n]|\\.)*\/)?[a-z]{0,8}/gm,
    values: /[$@]\{?\$?\w{1,60}(?:->)?(?:[[{][^\]}\n]{0,60}[\]}]){0,2}/g,
    open: '"',
    backticks: 'qx',
    join: '.',
  },
  endsAtLine: false,
  request:
    /->\s{0,4}(?:param|url_param|query_param|multi_param)\s{0,4}\(|(?<![\w>$@%&-])(?:param|params)\s{0,4}\(|\$ENV\s{0,4}\{\s{0,4}['"]?(?:QUERY_STRING|HTTP_(?!HOST)\w{1,40}|PATH_INFO|REQUEST_URI)\b|\b(?:body|query)_parameters\b/,
  harmless:
    /\b(?:int|length|defined|exists|quotemeta|hex|oct|ref|lc\s{0,4}\(\s{0,4}ref|uri_escape|md5_hex|shell_quote)\s{0,4}\([^()]{0,300}(?:\([^()]{0,200}\)[^()]{0,100}){0,3}\)/g,
  assigns:
    /(?<names>[$@%]\w{1,60}|\(\s{0,4}[$@%]\w{1,60}(?:\s{0,4},\s{0,4}[$@%]\w{1,60}){0,8}\s{0,4}\))(?:\s{0,4}[[{][^\]}\n]{0,80}[\]}]){0,2}\s{0,4}(?<op>\.?=)(?![=~>])/g,
  takes: /\bfor(?:each)?\s{1,4}(?:my\s{1,4})?(?<names>\$\w{1,40})\s{0,4}\((?<from>[^\n{]{1,200})/g,
  gives:
    /\b(?:sys)?read\s{0,4}\(?\s{0,4}STDIN\s{0,4},\s{0,4}(?:my\s{1,4})?(?<given>\$\w{1,40})\s{0,4},\s{0,4}(?=\$ENV)/g,
  functions:
    /\bsub\s{1,4}(?<name>\w{1,60})\s{0,4}\{\s{0,8}my\s{0,4}\(?(?<parameters>[^;=]{1,200})\)?\s{0,4}=\s{0,4}(?:@_|shift)/g,
  calls:
    /(?<![\w>$@%&:-])(?:system|exec|qx|readpipe)\s{0,4}\(?|(?<![\w>$@%&:-])open\s{0,4}\(?|(?<![\w>$@%&:-])eval\s{0,4}(?=[($'"])\(?/g,
  judge(call, parts, check) {
    const all = parts.join(',');
    if (call.startsWith('eval')) return judged(runsCode, check(all));
    if (call.startsWith('open')) return opened(all, check);
    // `system "sh", "-c", $c` without brackets.
    const given = parts.length === 1 ? all.split(',') : parts;
    return /qx|readpipe/.test(call) ? judged(runsCommand, check(all)) : programCall(given, check);
  },
};

/** A pipe: its mark is an argument of its own, or stands before or behind the command. */
function opened(all: string, check: Check): Judgement | undefined {
  const [mode = '', ...others] = all.split(',').slice(1);
  if (/^\s{0,8}'(?:-\||\|-)'\s{0,8}$/.test(mode)) return programCall(others, check);
  return others.length === 0 && /'[^'|]{0,60}\|[^'|]{0,60}'/.test(mode) ? judged(runsCommand, check(mode)) : undefined;
}
