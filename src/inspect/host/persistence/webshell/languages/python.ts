import { judged, programCall, runsCode, runsCommand, type ScriptLanguage } from '../script-language.ts';

/** Flask, Django, FastAPI, Tornado, WSGI, CGI, websockets. */
export const python: ScriptLanguage = {
  lexis: {
    tokens:
      /#[^\n]*|[fFbBrRuU]{0,2}(?:"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/g,
    values: /\{(?<value>[^{}\n!:]{1,120})[^{}\n]{0,40}\}/g,
    join: '+',
  },
  endsAtLine: true,
  request:
    /\brequest\s{0,4}\.\s{0,4}(?:args|form|values|json|data|headers|cookies|get_data|get_json|GET|POST|META|query_params|query|params|forms|body|stream|rel_url|match_info|get_argument|get_media)\b|\brequest\s{0,4}\.\s{0,4}(?:text|read|post|json)\s{0,4}\(|\bself\s{0,4}\.\s{0,4}(?:get_(?:query_|body_)?argument\b|rfile\b|headers\s{0,4}[.[])|\bFieldStorage\s{0,4}\(|\bweb\s{0,4}\.\s{0,4}input\s{0,4}\(|\burlparse\s{0,4}\(\s{0,4}self\s{0,4}\.\s{0,4}path|\b(?:environ|getenv)\b\s{0,4}(?:\.\s{0,4}get\s{0,4})?[([]\s{0,4}'(?:QUERY_STRING|HTTP_\w{1,40}|REQUEST_URI|PATH_INFO)'|\b(?:ws|websocket|socket)\s{0,4}\.\s{0,4}(?:recv|receive_text|receive_json|receive)\s{0,4}\(\s{0,4}\)/,
  harmless:
    /\b(?:int|float|bool|len|quote|isinstance|md5|sha1|sha256|secure_filename|literal_eval|dumps)\s{0,4}\([^()]{0,300}(?:\([^()]{0,200}\)[^()]{0,100}){0,3}\)/g,
  assigns: /(?<![\w.])(?<names>\w{1,60}(?:\s{0,4},\s{0,4}\w{1,60}){0,5})\s{0,4}(?<op>\+?=)(?!=)/g,
  takes: /\bfor\s{1,4}(?<names>\w{1,40}(?:\s{0,4},\s{0,4}\w{1,40}){0,3})\s{1,4}in\s{1,4}(?<from>[^\n:]{1,200})/g,
  gives:
    /@\w{1,40}\s{0,4}\.\s{0,4}(?:get|post|put|api_route|websocket)\s{0,4}\([^\n]{0,200}\)\s{0,4}\n(?:\s{0,8}async)?\s{0,8}def\s{1,4}\w{1,60}\s{0,4}\((?<given>\w{1,40})\s{0,4}:\s{0,4}str\b|@\w{1,40}\s{0,4}\.\s{0,4}(?:on|event)\b[^\n]{0,100}\n(?:\s{0,8}async)?\s{0,8}def\s{1,4}\w{1,60}\s{0,4}\(\s{0,4}sid\s{0,4},\s{0,4}(?=(?<sent>\w{1,40}))|\bfrom\s{1,4}\w{1,40}\s{1,4}import\s[^\n]{0,200}\brequest\s{1,4}as\s{1,4}(?=(?<alias>\w{1,40}))|\basync\s{1,4}for\s{1,4}(?=(?<message>\w{1,40})\s{1,4}in\s{1,4}(?:ws|websocket|socket|connection)\b)/g,
  functions: /\bdef\s{1,4}(?<name>\w{1,60})\s{0,4}\((?<parameters>[^)]{0,300})\)/g,
  calls:
    /\bos\s{0,4}\.\s{0,4}(?:system|popen)\s{0,4}\(|\b(?:subprocess|sp|commands)\s{0,4}\.\s{0,4}(?:run|call|check_output|check_call|Popen|getoutput|getstatusoutput)\s{0,4}\(|(?<![\w.])(?:eval|exec|check_output|check_call|Popen|getoutput|popen|system)\s{0,4}\(|\bcreate_subprocess_(?:shell|exec)\s{0,4}\(|\bgetattr\s{0,4}\(\s{0,4}__import__\s{0,4}\([^()\n]{0,80}\)[^()\n]{0,80}\)\s{0,4}\(/g,
  judge(call, parts, check) {
    const [first = ''] = parts;
    if (/^(?:eval|exec)\s{0,4}\($/.test(call)) return judged(runsCode, check(first));
    if (/system|popen|getoutput|getstatus|_shell|getattr/.test(call)) return judged(runsCommand, check(first));
    return programCall(parts, check);
  },
};
