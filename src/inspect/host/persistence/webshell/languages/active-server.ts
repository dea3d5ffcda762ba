import { judged, loadsClass, runsCode, runsCommand, type ScriptLanguage } from '../script-language.ts';

/** ASP in VBScript and JScript. */
export const activeServer: ScriptLanguage = {
  isPage: true,
  lexis: { tokens: /"(?:[^"\n]|"")*"|'[^\n]*|\brem\s[^\n]*/gi, comments: /^(?:'|rem)/i, join: '&' },
  endsAtLine: true,
  request:
    /\brequest\s{0,4}(?:\(|\[|\.\s{0,4}(?:form|querystring|item|cookies|params|binaryread|servervariables\s{0,4}\(\s{0,4}'(?:http_|query)\w{0,40}'))/i,
  harmless:
    /\b(?:cint|clng|cdbl|len|isnumeric|isempty|instr)\s{0,4}\([^()]{0,300}(?:\([^()]{0,200}\)[^()]{0,100}){0,3}\)/gi,
  assigns: /(?<![\w.])(?<names>[a-z_]\w{0,60})\s{0,4}(?<op>\+?=)(?!=)/gi,
  calls: /(?<![\w.])(?:eval|execute(?:global)?)\b\s{0,4}\(?|\.\s{0,4}(?:run|exec|shellexecute)\b\s{0,4}\(?/gi,
  judge(call, parts, check) {
    const how = check(parts.join(','));
    return judged(call.startsWith('.') ? runsCommand : runsCode, how);
  },
};

/** ASP.NET in C# and JScript. */
export const aspNet: ScriptLanguage = {
  isPage: true,
  lexis: {
    tokens: /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|@"(?:[^"]|"")*"|\$?"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g,
    values: /\{(?<value>[^{}\n]{1,120})\}/g,
    join: '+',
  },
  endsAtLine: false,
  // A field of the page's own form, by the names that such fields have.
  request:
    /\bRequest\s{0,4}(?:\[|\(|\.\s{0,4}(?:Form|QueryString|Item|Cookies|Params|Headers|BinaryRead|InputStream|RawUrl))|\b(?:txt|tb|text|textbox|cmd|xcmd|input)\w{0,20}\s{0,4}\.\s{0,4}(?:Text|Value)\b/i,
  harmless:
    /\b(?:int|Int32|Convert)\s{0,4}\.\s{0,4}(?:Parse|TryParse|ToInt\w{0,4})\s{0,4}\([^()]{0,300}(?:\([^()]{0,200}\)[^()]{0,100}){0,3}\)|\.\s{0,4}Length\b|[=!]=\s{0,4}null/g,
  assigns: /(?<![\w.])(?<names>\w{1,60})\s{0,4}(?<op>\+?=)(?!=)/g,
  functions: /[\w>\]]\s{1,4}(?<name>\w{1,60})\s{0,4}\((?<parameters>[^()]{0,300})\)\s{0,4}\{/g,
  calls:
    /\bProcess\s{0,4}\.\s{0,4}Start\s{0,4}\(|\bProcessStartInfo\s{0,4}\(|\.\s{0,4}(?:Arguments|FileName)\s{0,4}=(?!=)|\bAssembly\s{0,4}\.\s{0,4}Load\w{0,4}\s{0,4}\(|\bCompileAssemblyFromSource\s{0,4}\(|(?<![\w.])eval\s{0,4}\(|\.\s{0,4}AddScript\s{0,4}\(/g,
  judge(call, parts, check) {
    const how = check(parts.join(','));
    if (/Load/.test(call)) return judged(loadsClass, how);
    return judged(/Compile|eval|AddScript/.test(call) ? runsCode : runsCommand, how);
  },
};
