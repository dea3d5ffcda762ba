import { decodeParts } from '../../content/decode.ts';
import type { Sign } from '../../technique.ts';

interface Token {
  readonly what: string;
  readonly pattern: RegExp;
  readonly weight: number;
}

const phpTokens: readonly Token[] = [
  {
    what: 'runs what a request brings',
    pattern:
      /@?\b(?:eval|assert|system|exec|shell_exec|passthru|popen|proc_open|pcntl_exec|create_function|call_user_func(?:_array)?|array_(?:map|filter|walk)|preg_replace|include(?:_once)?|require(?:_once)?|ob_start|register_shutdown_function|usort|uasort|unserialize)\s*\(?[^;]{0,200}?(?:\$(?:_(?:GET|POST|REQUEST|COOKIE|SERVER|FILES)\b|\{\s*["']?_(?:GET|POST|REQUEST|COOKIE)|HTTP_(?:GET|POST|RAW)_\w+|GLOBALS\b)|php:\/\/input|getallheaders\s*\(|apache_request_headers\s*\()/i,
    weight: 0.85,
  },
  {
    what: 'runs a command that a request brings',
    pattern:
      /\x60[^\x60]{0,200}(?:\$(?:_(?:GET|POST|REQUEST|COOKIE|SERVER|FILES)\b|\{\s*["']?_(?:GET|POST|REQUEST|COOKIE)|HTTP_(?:GET|POST|RAW)_\w+|GLOBALS\b)|php:\/\/input|getallheaders\s*\(|apache_request_headers\s*\()[^\x60]{0,200}\x60/,
    weight: 0.85,
  },
  {
    what: 'calls a function that a request names',
    pattern:
      /(?:\$(?:_(?:GET|POST|REQUEST|COOKIE|SERVER|FILES)\b|\{\s*["']?_(?:GET|POST|REQUEST|COOKIE)|HTTP_(?:GET|POST|RAW)_\w+|GLOBALS\b)|php:\/\/input|getallheaders\s*\(|apache_request_headers\s*\()\s*(?:\[[^\]]{0,80}\]|\{[^}]{0,80}\})\s*\(|\$(?<name>\w{1,40})\s*=\s*@?(?:\$(?:_(?:GET|POST|REQUEST|COOKIE|SERVER|FILES)\b|\{\s*["']?_(?:GET|POST|REQUEST|COOKIE)|HTTP_(?:GET|POST|RAW)_\w+|GLOBALS\b)|php:\/\/input|getallheaders\s*\(|apache_request_headers\s*\()[^;]{0,100};[\s\S]{0,600}?(?:\b(?:eval|assert|system|exec|shell_exec|passthru|popen|proc_open)\s*\(\s*@?\$\k<name>\b|\$\k<name>\s*\()/,
    weight: 0.75,
  },
  {
    what: 'runs what it unpacks',
    pattern:
      /\b(?:eval|assert|create_function|include)\s*\(?\s*@?(?:\$\w+\s*\(\s*)?(?:base64_decode|gzinflate|gzuncompress|gzdecode|str_rot13|hex2bin|strrev|rawurldecode|convert_uudecode|pack|chr)\s*\(/i,
    weight: 0.75,
  },
  {
    what: 'unpacks several times',
    pattern:
      /\b(?:base64_decode|gzinflate|gzuncompress|gzdecode|str_rot13|hex2bin|strrev|rawurldecode|convert_uudecode|pack|chr)\s*\(\s*(?:base64_decode|gzinflate|gzuncompress|gzdecode|str_rot13|hex2bin|strrev|rawurldecode|convert_uudecode|pack|chr)\s*\(/i,
    weight: 0.45,
  },
  {
    what: 'replaces by code',
    pattern: /\bpreg_replace\s*\(\s*["'](?<delimiter>[^\w\s\\]).{0,200}\k<delimiter>[a-z]*e[a-z]*["']/i,
    weight: 0.5,
  },
  {
    what: 'writes what a request brings to a file',
    pattern:
      /\b(?:file_put_contents|fwrite|fputs|move_uploaded_file|copy)\s*\([^;]{0,200}(?:\$(?:_(?:GET|POST|REQUEST|COOKIE|SERVER|FILES)\b|\{\s*["']?_(?:GET|POST|REQUEST|COOKIE)|HTTP_(?:GET|POST|RAW)_\w+|GLOBALS\b)|php:\/\/input|getallheaders\s*\(|apache_request_headers\s*\()/i,
    weight: 0.3,
  },
  {
    what: 'builds names of functions out of pieces',
    pattern:
      /(?:\$\w{1,20}\s*=\s*(?:["'][a-z_0-9]{1,4}["']\s*\.\s*){3,}|(?:chr\(\d{1,3}\)\s*\.\s*){4,}|\$\{["']\\x[0-9a-f]{2})/i,
    weight: 0.4,
  },
  {
    what: 'hands a request to a function that a variable names',
    pattern:
      /@?\$\w{1,40}\s{0,4}\(\s{0,4}@?(?:base64_decode\s{0,4}\(\s{0,4})?\$_(?:GET|POST|REQUEST|COOKIE)\b|\bextract\s{0,4}\(\s{0,4}\$_(?:GET|POST|REQUEST|COOKIE)\b[\s\S]{0,300}?\$\w{1,40}\s{0,4}\(/,
    weight: 0.6,
  },
  {
    what: 'makes texts by exclusive or',
    pattern: /["'][^"'\n]{1,40}["']\s{0,4}\^\s{0,4}["'][^"'\n]{1,40}["']/,
    weight: 0.5,
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
  const tokens = byExtension[extension] ?? phpTokens;
  const part = text.slice(0, maxText);
  const signs = find(part, tokens, '');
  if (tokens !== phpTokens) return signs;
  for (const { how, text: inner } of decodeParts(part)) {
    for (const sign of find(inner, phpTokens, ` inside ${how}`)) {
      if (!signs.some(({ what }) => what === sign.what)) signs.push(sign);
    }
  }
  return signs;
}

function find(text: string, tokens: readonly Token[], where: string): Sign[] {
  return tokens.flatMap(({ what, pattern, weight }) => {
    const hit = pattern.exec(text)?.[0];
    return hit === undefined ? [] : [{ what: what + where, value: hit.replaceAll(/\s+/g, ' ').slice(0, 120), weight }];
  });
}
