import { backdoorSign } from '../files/malware/script.ts';
import { lineAt, type MalwareSign } from '../files/malware/malware-sign.ts';
import { minerSign } from '../files/malware/miner.ts';
import { isElf, programSigns } from '../files/malware/program.ts';
import type { YaraRules } from '../../match/yara/yara.ts';
import type { FileFacts, FileOrigin, SecretInFile } from './inputs/file-facts.ts';
import type { Place } from './inputs/place.ts';
import { isSecretVariable, masked } from './secrets/assignment.ts';
import { secretFileName } from './secrets/file-names.ts';
import { findSecrets } from './secrets/find.ts';

/** Text that is searched for secrets, and for the habits of scripts; both begin with what matters. */
const maxSecretText = 2 ** 20;
const maxScriptText = 2 ** 18;
/** Documentation, translations and time zones hold no secrets, and are half of all files. */
const dull =
  /^\/(?:usr\/(?:local\/)?share\/(?:doc|man|info|locale|zoneinfo|i18n|perl|licenses|common-licenses|terminfo|bash-completion|ca-certificates|fonts|icons|mime|vim|gtk-doc|X11)|proc|sys|var\/lib\/(?:dpkg|apt|rpm|pacman)|lib\/apk|usr\/lib\/(?:locale|gconv|perl\d*|x86_64-linux-gnu\/(?:perl|gconv)))\//;
/** What comes with the works of others: keys of tests and examples. */
const samples =
  /\/(?:tests?|testdata|test-data|testing|fixtures|examples?|samples?|docs?|specs?|__tests__|mocks?)\/|[._-](?:test|spec|example|sample)s?[._-]/i;
const environmentFile = /(?:^|\/)\.env(?:\.[\w-]+)?$|\.(?:env|properties|conf|cfg|ini)$/i;

export interface FileToScan {
  /** In the image or folder. */
  readonly path: string;
  readonly at: Place;
  readonly bytes: Buffer;
  readonly origin: FileOrigin;
}

/** Looks into one file for secrets, miners, backdoors and rules of YARA; undefined when there is nothing. */
export function scanFile({ path, at, bytes, origin }: FileToScan, yara: YaraRules | undefined): FileFacts | undefined {
  const isProgram = isElf(bytes);
  const isText = !isProgram && !bytes.subarray(0, 4096).includes(0);
  const isDull = dull.test(path);
  const malware = isProgram ? programSigns(path, bytes) : [];
  if (isText && !isDull) malware.push(...textSigns(path, bytes));
  const secrets = isText && !isDull ? secretsIn(path, bytes) : [];
  const matches = yara?.scan(bytes) ?? [];
  if (malware.length + secrets.length + matches.length === 0) return undefined;
  return { at, path, origin, malware, secrets, yara: matches };
}

/** Whether a file of an image is worth opening when no rules of YARA ask for all of them. */
export function isWorthScanning(path: string): boolean {
  return !dull.test(path);
}

/** Sources, rules and documents speak of malware; they are not it. */
const talksOnly =
  /\.(?:md|rst|adoc|tsx?|jsx?|[cm]js|go|rs|c|cc|cpp|h|hpp|java|kt|cs|rb|php|lua|yara?|rules|html?|css|svg|xml|po|map|csv|tsv|lock)$/i;
const scriptFile =
  /\.(?:sh|bash|zsh|ksh|py|pl|service|timer|cron|crontab)$|\/(?:etc\/(?:cron[^/]*|profile\.d|init\.d|rc\.d|systemd|update-motd\.d)\/|etc\/(?:crontab|profile|rc\.local|bash\.bashrc)$|var\/spool\/(?:cron|at)\/|\.(?:bashrc|profile|bash_profile|zshrc)$)/i;

function textSigns(path: string, bytes: Buffer): MalwareSign[] {
  if (talksOnly.test(path)) return [];
  const text = bytes.toString('latin1', 0, maxScriptText);
  const isScript =
    scriptFile.test(path) || /^#!\s{0,10}\/\S{1,60}\b(?:sh|bash|dash|ash|zsh|ksh|env|python\d?|perl)\b/.test(text);
  const signs = [minerSign(text), isScript ? backdoorSign(text) : undefined];
  return signs.flatMap((sign) => sign ?? []);
}

function secretsIn(path: string, bytes: Buffer): SecretInFile[] {
  const text = bytes.toString('latin1', 0, maxSecretText);
  const isSample = samples.test(path);
  const known = findSecrets(text).map(({ pattern, secret, at }): SecretInFile => ({
    what: pattern.title,
    severity: isSample ? 'low' : pattern.severity,
    score: isSample ? 0.4 : 0.9,
    line: lineAt(text, at),
    shown: masked(secret),
  }));
  if (isSample) return known;
  const assigned = environmentFile.test(path) ? assignedIn(text) : [];
  const byName = known.length + assigned.length === 0 && bytes.length > 0 ? secretFileName(path) : undefined;
  if (byName === undefined) return [...known, ...assigned];
  return [{ what: `${byName} (by its name)`, severity: 'medium', score: 0.5, line: undefined, shown: undefined }];
}

/** Lines looked at in one file of settings. */
const maxLines = 20_000;

function assignedIn(text: string): SecretInFile[] {
  const found: SecretInFile[] = [];
  for (const [index, line] of text.split('\n', maxLines).entries()) {
    const groups = /^\s{0,20}(?:export\s{1,4})?(?<name>[\w.-]{3,100})\s{0,4}[=:]\s{0,4}(?<value>\S[^\n]{2,500})$/.exec(
      line.trimEnd(),
    )?.groups;
    const [name = '', value = ''] = [groups?.['name'], groups?.['value']];
    if (groups === undefined || !isSecretVariable(name, value)) continue;
    found.push({ what: `value of ${name}`, severity: 'high', score: 0.7, line: index + 1, shown: masked(value) });
  }
  return found.slice(0, 50);
}
