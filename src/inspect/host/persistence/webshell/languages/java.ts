import { judged, loadsClass, runsCode, runsCommand, type ScriptLanguage } from '../script-language.ts';

/** Pages of Java servers: JSP, and expressions in them. */
export const java: ScriptLanguage = {
  isPage: true,
  lexis: {
    tokens: /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g,
    join: '+',
  },
  endsAtLine: false,
  request:
    /\b(?:request|req|httpRequest|servletRequest)\s{0,4}\.\s{0,4}get(?:Parameter\w{0,10}|Header\w{0,2}|QueryString|Reader|InputStream|Cookies|Parts?|PathInfo)\b|\bparam(?:Values)?\s{0,4}[.[]|\bgetRequest\s{0,4}\(\s{0,4}\)\s{0,4}\.\s{0,4}getParameter/,
  harmless:
    /\b(?:Integer|Long|Boolean|Double)\s{0,4}\.\s{0,4}(?:parse\w{1,10}|valueOf)\s{0,4}\([^()]{0,300}(?:\([^()]{0,200}\)[^()]{0,100}){0,3}\)|\.\s{0,4}(?:length|equals|equalsIgnoreCase|isEmpty|startsWith|indexOf|hashCode)\s{0,4}\([^()]{0,200}\)|[=!]=\s{0,4}null/g,
  assigns: /(?<![\w.])(?<names>\w{1,60})\s{0,4}(?:\[[^\]]{0,40}\]\s{0,4}){0,2}(?<op>\+?=)(?!=)/g,
  takes: /(?<![\w.])(?<names>\w{1,60})\s{0,4}\.\s{0,4}(?:add|append|put)\s{0,4}\((?<from>[^;]{0,300})/g,
  functions:
    /[\w>\]]\s{1,4}(?<name>\w{1,60})\s{0,4}\((?<parameters>[^()]{0,300})\)\s{0,4}(?:throws\s{1,4}[\w., ]{1,100})?\{/g,
  calls:
    /\.\s{0,4}(?:exec|command|eval|forName|invoke|createValueExpression|parseExpression)\s{0,4}\(|\bdefineClass\s{0,4}\(|\bnew\s{1,4}(?:[\w.]{1,40}\.)?(?:ProcessBuilder|FileOutputStream|FileWriter|URLClassLoader)\s{0,4}\(/g,
  judge(call, parts, check) {
    const all = parts.join(',');
    if (/exec|command|ProcessBuilder/.test(call)) return judged(runsCommand, check(all));
    if (/defineClass|URLClassLoader/.test(call)) return judged(loadsClass, check(all));
    if (/forName/.test(call)) return judged('loads a class that a request names', check(all), 0.7);
    if (/invoke/.test(call)) {
      return judged('calls by reflection what a request brings', check(parts.slice(1).join(',')), 0.9);
    }
    if (/File/.test(call)) {
      const isNamed = check(parts[0] ?? '') !== undefined;
      return isNamed ? { what: 'writes to a file that a request names', weight: 0.4 } : undefined;
    }
    return judged(runsCode, check(all));
  },
};
