import { judged, programCall, runsCode, runsCommand, type ScriptLanguage } from '../script-language.ts';

/** Ruby: Rails, Sinatra, Rack, CGI. */
export const ruby: ScriptLanguage = {
  lexis: {
    tokens: /(?<![\w"'$@])#(?!\{)[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\\n]|\\.)*`/g,
    values: /#\{(?<value>[^{}\n]{1,200})\}/g,
    open: '"',
    backticks: 'qx',
    join: '+',
  },
  endsAtLine: true,
  request:
    /(?<![\w.@:])params\s{0,4}(?:\[|\.\s{0,4}(?:fetch|dig|require|permit)\b)|\breq\s{0,4}\.\s{0,4}(?:query|body|params|header)\b|\brequest\s{0,4}\.\s{0,4}(?:headers|body|raw_post|query_string|env|params|cookies)\b|(?<![\w.@:])cookies\s{0,4}\[|(?<![\w.@:])cgi\s{0,4}\[|\bCGI\s{0,4}\.\s{0,4}new\s{0,4}\[|\b(?:env|ENV)\s{0,4}\[\s{0,4}'(?:QUERY_STRING|HTTP_\w{1,40}|PATH_INFO|REQUEST_URI)'/,
  harmless:
    /\b(?:Integer|Float|shellescape|Shellwords\s{0,4}\.\s{0,4}escape|escape|File\s{0,4}\.\s{0,4}basename)\s{0,4}\([^()]{0,300}(?:\([^()]{0,200}\)[^()]{0,100}){0,3}\)|\w{1,40}(?:\[[^\]\n]{0,60}\])?\s{0,4}\.\s{0,4}(?:to_i|to_f|shellescape|length|size|present\?|blank\?|nil\?|constantize|to_sym)\b/g,
  assigns: /(?<![\w.:])@?(?<names>\w{1,60}(?:\s{0,4},\s{0,4}\w{1,60}){0,5})\s{0,4}(?<op>\+?=)(?![=~>])/g,
  functions: /\bdef\s{1,4}(?<name>\w{1,60})\s{0,4}\((?<parameters>[^)\n]{0,300})\)/g,
  calls:
    /(?<![\w.:@])(?:system|exec|spawn|qx|eval)\b\s{0,4}\(?|%x[({[]|\bIO\s{0,4}\.\s{0,4}popen\s{0,4}\(?|\bOpen3\s{0,4}\.\s{0,4}\w{1,12}\s{0,4}\(?|\.\s{0,4}(?:instance_eval|class_eval|module_eval)\s{0,4}\(/g,
  judge(call, parts, check) {
    const [first = ''] = parts;
    if (/eval/.test(call)) return judged(runsCode, check(first));
    if (/qx|%x/.test(call)) return judged(runsCommand, check(parts.join(',')));
    return programCall(parts.length === 1 ? first.split(',') : parts, check);
  },
};
