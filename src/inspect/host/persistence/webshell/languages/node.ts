import { judged, programCall, runsCode, runsCommand, type ScriptLanguage } from '../script-language.ts';

/** Node: Express, Koa, Fastify, servers of its own, websockets. */
export const node: ScriptLanguage = {
  lexis: {
    tokens:
      /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*(?:`|$)|(?<=[=(,:!&|?{};\n]\s{0,4})\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]{0,6}/g,
    values: /\$\{(?<value>[^{}\n]{1,200})\}/g,
    open: '`',
    join: '+',
  },
  endsAtLine: true,
  // Without them a script runs no commands, and `exec` is that of a pattern.
  serves: /\bchild_process\b|\beval\s{0,4}\(|\bnew\s{1,4}Function\b|\bvm\b/,
  request:
    /(?<![\w.])(?:req|request|ctx|context|c)\s{0,4}\.\s{0,4}(?:request\s{0,4}\.\s{0,4})?(?:query|body|params|headers|cookies|rawBody)\b|(?<![\w.])(?:req|request|ctx)\s{0,4}\.\s{0,4}(?:url|get|header|param)\b|(?<![\w.])(?:req|request)\s{0,4}\.\s{0,4}(?:json|text|formData)\s{0,4}\(|(?<![\w.])event\s{0,4}\.\s{0,4}(?:body|queryStringParameters)\b/,
  harmless:
    /\b(?:parseInt|Number|Boolean|parseFloat|encodeURIComponent|isNaN|basename)\s{0,4}\([^()]{0,300}(?:\([^()]{0,200}\)[^()]{0,100}){0,3}\)|\.\s{0,4}length\b/g,
  assigns: /(?<![\w.$])(?<names>\w{1,60}|\{[^{}]{1,200}\}|\[[^[\]]{1,100}\])\s{0,4}(?<op>\+?=)(?![=>])/g,
  takes: /\bfor\s{0,4}\(\s{0,4}(?:const|let|var)\s{1,4}(?<names>\w{1,40})\s{1,4}of\s{1,4}(?<from>[^\n)]{1,200})/g,
  gives:
    /\bcreateServer\s{0,4}\(\s{0,4}(?:async\s{1,4})?(?:function\s{0,4}\w{0,40}\s{0,4})?\(\s{0,4}(?<given>\w{1,40})\s{0,4}[,)]|(?:\.\s{0,4}on\s{0,4}\(\s{0,4}'message'|\b(?:req|request|ws|socket|sock|conn|client|c)\s{0,4}\.\s{0,4}on\s{0,4}\(\s{0,4}'(?!error|close|end|open)[\w:-]{1,40}')\s{0,4},\s{0,4}(?:async\s{1,4})?(?:function\s{0,4}\w{0,40}\s{0,4})?(?=\(?\s{0,4}(?<message>\w{1,40}))/g,
  aliases:
    /(?<![\w.$])(?<name>\w{1,60})\s{0,4}=\s{0,4}(?:util\s{0,4}\.\s{0,4})?promisify\s{0,4}\([^()\n]{0,60}(?:\([^()\n]{0,60}\)[^()\n]{0,20})?\bexec\s{0,4}\)/g,
  functions: /\bfunction\s{1,4}(?<name>\w{1,60})\s{0,4}\((?<parameters>[^()]{0,300})\)/g,
  calls:
    /\brequire\s{0,4}\(\s{0,4}'(?:node:)?child_process'\s{0,4}\)\s{0,4}\.\s{0,4}(?:exec|spawn)\w{0,8}\s{0,4}\(|(?<![\w.$])(?:(?:cp|child_process|childProcess|child|proc|shell)\s{0,4}\.\s{0,4})?(?:exec(?:Sync|File|FileSync|Async|P)?|spawn(?:Sync)?)\s{0,4}\(|(?<![\w.$])eval\s{0,4}\(|\bnew\s{1,4}Function\s{0,4}\(|\bvm\s{0,4}\.\s{0,4}runIn\w{1,20}\s{0,4}\(|\bnew\s{1,4}vm\s{0,4}\.\s{0,4}Script\s{0,4}\(|\b(?:sh|shell|bash|term)\s{0,4}\.\s{0,4}stdin\s{0,4}\.\s{0,4}write\s{0,4}\(/g,
  judge(call, parts, check) {
    const [first = ''] = parts;
    if (/Function/.test(call)) return judged(runsCode, check(parts.join(',')));
    if (/eval|vm\b/.test(call)) return judged(runsCode, check(first));
    if (/stdin/.test(call)) return judged('hands what a request brings to a program', check(first), 0.75);
    return /exec(?:Sync|Async|P)?\s{0,4}\($/.test(call) ? judged(runsCommand, check(first)) : programCall(parts, check);
  },
};
