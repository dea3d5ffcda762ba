import { decodeParts } from '../../../../match/commands/decode.ts';
import type { Sign } from '../../technique.ts';
import { phpCode } from './php-code.ts';
import { activeServer, aspNet } from './languages/active-server.ts';
import { java } from './languages/java.ts';
import { node } from './languages/node.ts';
import { perl } from './languages/perl.ts';
import { python } from './languages/python.ts';
import { ruby } from './languages/ruby.ts';
import { shell } from './languages/shell.ts';
import { phpFlows } from './php-flow.ts';
import { codeInPage, scriptCode } from './script-code.ts';
import { scriptFlows } from './script-flow.ts';
import type { ScriptLanguage } from './script-language.ts';

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

const pageTokens: readonly Token[] = [
  {
    what: 'runs a command that a request brings',
    pattern:
      /<cfexecute\b[^>]{0,300}#(?:form|url|cgi|cookie)\.|<cfset\s{1,4}(?:variables\.)?(?<name>\w{1,40})\s{0,4}=\s{0,4}(?:form|url|cgi|cookie)\.[\s\S]{0,1000}?<cfexecute\b[^>]{0,300}#\k<name>#|<!--#exec\s{1,4}cmd\s{0,4}=\s{0,4}["'][^"'\n]{0,100}\$\{?(?:QUERY_STRING|HTTP_\w{1,40})/i,
    weight: 0.8,
  },
];
const languages: Readonly<Record<string, ScriptLanguage>> = {
  ...Object.fromEntries(['jsp', 'jspx', 'jspf', 'jsw'].map((extension) => [extension, java])),
  ...Object.fromEntries(['aspx', 'ashx', 'asmx'].map((extension) => [extension, aspNet])),
  ...Object.fromEntries(['js', 'mjs', 'cjs', 'ts'].map((extension) => [extension, node])),
  asp: activeServer,
  pl: perl,
  py: python,
  sh: shell,
  rb: ruby,
  erb: { ...ruby, isPage: true },
};

/** Streams that are copied by hand are not followed; pages have no other reason to define classes. */
const jspTokens: readonly Token[] = [
  {
    what: 'loads a class that a request brings',
    pattern:
      /\bdefineClass\b[\s\S]{0,1500}?\b(?:request|getParameter|getReader|getInputStream)\b|\b(?:getParameter|getReader|getInputStream)\b[\s\S]{0,1500}?\bdefineClass\b/,
    weight: 0.8,
  },
];

const byExtension: Readonly<Record<string, readonly Token[]>> = {
  ...Object.fromEntries(['jsp', 'jspx', 'jspf', 'jsw'].map((extension) => [extension, jspTokens])),
  cfm: pageTokens,
  shtml: pageTokens,
  htaccess: settingTokens,
};

/** Characters of a script that are looked at: what runs a request stands near the beginning or is the whole file. */
const maxText = 2 ** 18;

/** What a script of a web server does that a shell for its visitors would do. */
export function scriptSigns(text: string, extension: string): Sign[] {
  const tokens = byExtension[extension];
  const part = text.slice(0, maxText);
  const language = languages[extension === 'cgi' ? interpreterOf(part) : extension];
  if (language !== undefined || tokens !== undefined) {
    return [...(language === undefined ? [] : flowsOf(part, language)), ...find(part, tokens ?? [], '')];
  }
  const signs = phpSigns(part, '');
  for (const { how, text: inner } of decodeParts(part)) {
    for (const sign of phpSigns(inner, ` inside ${how}`)) {
      if (!signs.some(({ what }) => what === sign.what)) signs.push(sign);
    }
  }
  return signs;
}

/** Of a program of CGI, by its first line. */
function interpreterOf(text: string): string {
  const [, name = ''] = /^#![^\n]{0,80}?\b(perl|python|ruby|node|sh|bash|dash|ash|ksh)/.exec(text) ?? [];
  return { perl: 'pl', python: 'py', ruby: 'rb', node: 'js' }[name] ?? 'sh';
}

/** Ways from a request to something that runs it, followed in the language of the script. */
function flowsOf(text: string, language: ScriptLanguage): Sign[] {
  if (language.serves?.test(text) === false) return [];
  const plain = text.replaceAll(/\\u+(?<code>[0-9a-f]{4})/gi, (_all, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return scriptFlows(scriptCode(language.isPage === true ? codeInPage(plain) : plain, language.lexis), language);
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
