import { decodeParts } from '../../../../match/commands/decode.ts';
import type { Sign } from '../../technique.ts';
import { phpCode } from './php-code.ts';
import { phpFlows } from './php-flow.ts';

interface Token {
  readonly what: string;
  readonly pattern: RegExp;
  readonly weight: number;
}

/** On code as `phpCode` gives it; what requests bring is followed by `phpFlows`. */
const phpTokens: readonly Token[] = [
  {
    what: 'runs what it unpacks',
    pattern:
      /\b(?:eval|assert|create_function)\s{0,20}\(?\s{0,20}@?(?:\$\w{1,60}\s{0,20}\(\s{0,20})?(?:''\.)?(?:base64_decode|gzinflate|gzuncompress|gzdecode|str_rot13|hex2bin|strrev|rawurldecode|convert_uudecode|pack|chr)\s{0,20}\(/i,
    weight: 0.75,
  },
  {
    what: 'unpacks several times',
    pattern:
      /\b(?:base64_decode|gzinflate|gzuncompress|gzdecode|str_rot13|hex2bin|strrev|convert_uudecode)\s{0,20}\(\s{0,20}@?(?:base64_decode|gzinflate|gzuncompress|gzdecode|str_rot13|hex2bin|strrev|convert_uudecode)\s{0,20}\(/i,
    weight: 0.4,
  },
  {
    what: 'hands what a request brings to a function that a variable names',
    pattern:
      /\b(?:extract\s{0,4}\(\s{0,4}\$_(?:GET|POST|REQUEST|COOKIE)\b|parse_str\s{0,4}\(\s{0,4}\$_SERVER\s{0,4}\[\s{0,4}'QUERY_STRING'\s{0,4}\]\s{0,4}\))[\s\S]{0,300}?(?<!->|::)\$\w{1,40}\s{0,4}\(/,
    weight: 0.6,
  },
  {
    what: 'makes texts by exclusive or',
    pattern: /'\w{0,60}'\s{0,4}\^\s{0,4}'\w{0,60}'[^;]{0,80}?'\w{0,60}'\s{0,4}\^\s{0,4}'\w{0,60}'/,
    weight: 0.4,
  },
  {
    what: 'calls what a variable names that a variable names',
    pattern: /\$(?:\{\s{0,4}\$\w{1,60}\s{0,4}\}|\$\w{1,60})\s{0,4}\[[^\]\n]{0,40}\]\s{0,4}\(/,
    weight: 0.3,
  },
];
/** On the page as it stands. */
const phpTexts: readonly Token[] = [
  {
    what: 'replaces by code',
    pattern:
      /\bpreg_replace\s{0,20}\(\s{0,20}["'](?<delimiter>[/#~@|!%])(?:(?!\k<delimiter>)[^\n\\]|\\.){0,200}\k<delimiter>[imsxuADSUXJ]{0,8}e[imsxuADSUXJ]{0,8}["']/,
    weight: 0.5,
  },
  {
    what: 'replaces by code that a request brings',
    pattern:
      /\bpreg_replace\s{0,20}\(\s{0,20}["'](?<delimiter>[/#~@|!%])(?:(?!\k<delimiter>)[^\n\\]|\\.){0,200}\k<delimiter>[imsxuADSUXJ]{0,8}e[imsxuADSUXJ]{0,8}["'][^;\n]{0,200}\$_(?:GET|POST|REQUEST|COOKIE)\b|\bmb_eregi?_replace\s{0,20}\([^;\n]{0,200}\$_(?:GET|POST|REQUEST|COOKIE)\b[^;\n]{0,200},\s{0,4}["'][imsxz]{0,5}e[imsxz]{0,5}["']/,
    weight: 0.85,
  },
  {
    what: 'runs code from elsewhere',
    pattern:
      /\beval\s{0,4}\(\s{0,4}(?:["']\?>["']\s{0,4}\.\s{0,4})?@?(?:file_get_contents|curl_exec|gzinflate\s{0,4}\(\s{0,4}file_get_contents)\s{0,4}\(\s{0,4}["'](?:https?|ftp):\/\//i,
    weight: 0.75,
  },
  {
    what: 'hands a shell to an address',
    pattern:
      /\b(?:exec|system|shell_exec|passthru|popen|proc_open)\s{0,4}\(\s{0,4}["'][^\n]{0,200}(?:\/dev\/(?:tcp|udp)\/|\bnc(?:at)?\b[^\n"']{0,80}\s-[a-z]{0,4}e\b)|\bfsockopen\s{0,4}\([\s\S]{0,1500}?\bproc_open\s{0,4}\(/,
    weight: 0.75,
  },
  {
    what: 'runs commands by way of something else',
    pattern:
      /\bFFI::cdef\s{0,4}\([^;\n]{0,200}\b(?:system|popen|execve?)\b|\bnew\s{1,4}COM\s{0,4}\(\s{0,4}["'](?:WScript\.Shell|Shell\.Application)|\bputenv\s{0,4}\(\s{0,4}["']LD_PRELOAD=|\bnew\s{1,4}ReflectionFunction\s{0,4}\(\s{0,4}(?:@?\$_(?:GET|POST|REQUEST|COOKIE)\b|["'](?:system|exec|shell_exec|passthru|popen|assert)["'])/i,
    weight: 0.65,
  },
  {
    what: 'builds names of functions out of pieces',
    pattern:
      /(?:\$\w{1,20}\s{0,4}=\s{0,4}(?:["'][a-z_0-9]{1,4}["']\s{0,4}\.\s{0,4}){3,}|(?:\bchr\((?:3[2-9]|[4-9]\d|1[01]\d|12[0-6])\)\s{0,4}\.\s{0,4}){4,}|\$\{["']\\x[0-9a-f]{2})/i,
    weight: 0.4,
  },
  {
    what: 'has the name of a known web shell',
    pattern:
      /\b(?:c99shell|r57shell|b374k|WSO\s*\d|FilesMan|weevely|China ?Chopper|p0wny|AntSword|Behinder|godzilla|alfa ?team|indoxploit)\b/i,
    weight: 0.6,
  },
];
const jspTokens: readonly Token[] = [
  {
    what: 'looks up how to run a command that a request brings',
    pattern:
      /request\.get(?:Parameter|Header)[\s\S]{0,1500}?\bgetMethod\s{0,4}\(\s{0,4}"(?:getRuntime|exec|start)"|\bgetMethod\s{0,4}\(\s{0,4}"(?:getRuntime|exec|start)"[\s\S]{0,1500}?request\.get(?:Parameter|Header)/,
    weight: 0.8,
  },
  {
    what: 'runs a command that a request brings',
    pattern:
      /(?:Runtime\s*\.\s*getRuntime\s*\(\s*\)\s*\.\s*exec|new\s+ProcessBuilder)\s*\([\s\S]{0,300}?(?:request|getParameter|getHeader)|(?:request\.get(?:Parameter|Header)|param\.)[\s\S]{0,1500}?(?:\.exec\s*\(|ProcessBuilder)/,
    weight: 0.85,
  },
  {
    what: 'loads a class that a request brings',
    pattern:
      /(?:defineClass|ClassLoader)[\s\S]{0,1500}?(?:request|getParameter|getReader|getInputStream)|(?:getParameter|getReader)[\s\S]{0,1500}?defineClass/,
    weight: 0.8,
  },
  {
    what: 'evaluates what a request brings',
    pattern: /(?:ScriptEngine|\.eval\s*\()[\s\S]{0,400}?(?:request|getParameter)/,
    weight: 0.75,
  },
];
const aspTokens: readonly Token[] = [
  {
    what: 'runs what a request brings',
    pattern:
      /\b(?:eval|execute(?:global)?)\s*\(?[\s\S]{0,120}?\brequest\b|Process(?:StartInfo)?\b[\s\S]{0,600}?Request(?:\.|\[|\()|Request(?:\.|\[|\()[\s\S]{0,800}?(?:Process\.Start|WScript\.Shell)/i,
    weight: 0.85,
  },
];
const scriptTokens: readonly Token[] = [
  {
    what: 'runs a command that a request brings',
    pattern:
      /\b(?:system|exec|popen|eval|open|spawn|run|call|check_output|Popen|sh\s{1,4}-c|bash\s{1,4}-c)\b[^\n]{0,60}?(?:\$\{?(?:QUERY_STRING|HTTP_[A-Z_]{1,40}|REQUEST_URI|PATH_INFO)\b|\bENV\{["']?(?:QUERY_STRING|HTTP_[A-Z_]{1,40}|REQUEST_URI|PATH_INFO)\b|\b(?:environ|getenv)\b[^\n]{0,20}["'](?:QUERY_STRING|HTTP_[A-Z_]{1,40}|REQUEST_URI|PATH_INFO)\b|\bparam\s{0,4}\()/,
    weight: 0.8,
  },
  {
    what: 'runs a command that a request brings',
    pattern:
      /(?:QUERY_STRING|param\(|FieldStorage|REQUEST_METHOD|HTTP_\w+)[\s\S]{0,1500}?(?:\b(?:system|exec|popen|eval|subprocess\.\w+|os\.system)\b\s*[("'`]|qx[{(/]|`[^`]{0,80}\$)/,
    weight: 0.75,
  },
];
/** Pages that are programs of their own: Flask, Django, Express. */
const pythonTokens: readonly Token[] = [
  ...scriptTokens,
  {
    what: 'runs a command that a request brings',
    pattern:
      /\b(?:os\.(?:popen|system)|subprocess\.\w{1,20}|eval|exec)\s{0,4}\([^\n]{0,200}\brequest\.(?:args|form|values|json|data|headers|cookies|get_data|GET|POST|query_params)\b|(?<name>[A-Za-z_]\w{0,40})\s{0,4}=\s{0,4}request\.(?:args|form|values|json|data|headers|cookies|get_data|GET|POST|query_params)\b[\s\S]{0,600}?\b(?:os\.(?:popen|system)|subprocess\.\w{1,20}|eval|exec)\s{0,4}\([^\n]{0,100}\b\k<name>\b/,
    weight: 0.75,
  },
];
const nodeTokens: readonly Token[] = [
  {
    what: 'runs a command that a request brings',
    pattern:
      /\b(?:exec(?:Sync|File|FileSync)?|spawn(?:Sync)?|eval|Function|runIn\w{1,20}Context)\s{0,4}\([^\n;]{0,200}\breq(?:uest)?\.(?:query|body|params|headers|cookies)\b/,
    weight: 0.75,
  },
];
const settingTokens: readonly Token[] = [
  {
    what: 'has pictures or texts run as scripts',
    pattern:
      /\b(?:AddType|AddHandler|SetHandler|ForceType)\b[^\n]{0,120}\b(?:php|cgi-script|server-parsed)[^\n]{0,80}(?:jpe?g|png|gif|txt|ico|htaccess|log|css)?/i,
    weight: 0.55,
  },
  {
    what: 'runs code before or after every page',
    pattern: /\bphp_value\s+auto_(?:prepend|append)_file\s+\S+/i,
    weight: 0.65,
  },
];

const byExtension: Readonly<Record<string, readonly Token[]>> = {
  ...Object.fromEntries(['jsp', 'jspx', 'jspf', 'jsw'].map((extension) => [extension, jspTokens])),
  ...Object.fromEntries(['asp', 'aspx', 'ashx', 'asmx', 'cfm'].map((extension) => [extension, aspTokens])),
  ...Object.fromEntries(['cgi', 'pl', 'sh', 'shtml'].map((extension) => [extension, scriptTokens])),
  ...Object.fromEntries(['js', 'mjs', 'cjs', 'ts'].map((extension) => [extension, nodeTokens])),
  py: pythonTokens,
  htaccess: settingTokens,
};

/** Characters of a script that are looked at: what runs a request stands near the beginning or is the whole file. */
const maxText = 2 ** 18;

/** What a script of a web server does that a shell for its visitors would do. */
export function scriptSigns(text: string, extension: string): Sign[] {
  const tokens = byExtension[extension];
  const part = text.slice(0, maxText);
  if (tokens !== undefined) return find(part, tokens, '');
  const signs = phpSigns(part, '');
  for (const { how, text: inner } of decodeParts(part)) {
    for (const sign of phpSigns(inner, ` inside ${how}`)) {
      if (!signs.some(({ what }) => what === sign.what)) signs.push(sign);
    }
  }
  return signs;
}

/** `where`: what the text stood in; what was packed is code from its first character on. */
function phpSigns(text: string, where: string): Sign[] {
  const code = phpCode(text, where !== '' && !text.includes('<?'));
  if (code.trim() === '') return [];
  const flows = phpFlows(code).map((sign) => ({ ...sign, what: sign.what + where }));
  return [...flows, ...find(code, phpTokens, where), ...find(text, phpTexts, where)];
}

function find(text: string, tokens: readonly Token[], where: string): Sign[] {
  return tokens.flatMap(({ what, pattern, weight }) => {
    const hit = pattern.exec(text)?.[0];
    return hit === undefined ? [] : [{ what: what + where, value: hit.replaceAll(/\s+/g, ' ').slice(0, 120), weight }];
  });
}
