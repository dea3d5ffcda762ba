/**
 * What a command line does that administration rarely does: pieces that follow one another in the line. Each piece is
 * looked for once, behind the one before, so that the time is linear in the text, which is an attacker's.
 */
export interface CommandPattern {
  readonly id: string;
  readonly says: string;
  readonly pieces: readonly RegExp[];
  /** Strength on its own, 0 to 1. */
  readonly weight: number;
  readonly attack: readonly string[];
}

/** A shell behind a pipe or as the next command: `| sh`, `; sudo bash`, `&& /bin/sh`. */
const thenShell = /[|;&]\s{0,4}(?:sudo\s{1,4})?(?:\/[\w.-]{1,20}){0,4}\/?\b(?:ba|da|z|k|a)?sh\b/;
const thenInterpreter =
  /\|\s{0,4}(?:sudo\s{1,4})?(?:\/[\w.-]{1,20}){0,4}\/?\b(?:(?:ba|da|z)?sh|python[\d.]{0,5}|perl|php)\b/;

export const commandPatterns: readonly CommandPattern[] = [
  {
    id: 'download-and-run',
    says: 'downloads and runs in one line',
    pieces: [/\b(?:curl|wget|fetch|lwp-download)\s/, thenShell],
    weight: 0.75,
    attack: ['T1105', 'T1059.004'],
  },
  {
    id: 'reverse-shell-dev-tcp',
    says: 'ties a shell to a socket through /dev/tcp',
    pieces: [/\/dev\/(?:tcp|udp)\/[^\s/]{1,255}\/\d{1,5}/],
    weight: 0.95,
    attack: ['T1059.004', 'T1095'],
  },
  {
    id: 'reverse-shell-netcat',
    says: 'gives a shell to a network connection',
    pieces: [
      /\b(?:nc|ncat|netcat|socat)\s/,
      /(?:\s-(?:e|c)\s{0,4}|\s--(?:sh-)?exec[ =]|\bexec:)['"]?(?:\/[\w.-]{1,20}){0,4}\/?(?:ba|da|z|k|a)?sh\b/i,
    ],
    weight: 0.95,
    attack: ['T1059.004', 'T1095'],
  },
  {
    id: 'reverse-shell-script',
    says: 'a script one-liner opens a socket and a shell',
    pieces: [
      /\b(?:python|perl|ruby|php|lua)[\d.]{0,5}\s/,
      /(?:^|\s)-[cer]\b/,
      /socket|fsockopen/i,
      /\/bin\/(?:ba|da|z)?sh|pty\.spawn|subprocess/,
    ],
    weight: 0.9,
    attack: ['T1059.006', 'T1095'],
  },
  {
    id: 'decode-and-run',
    says: 'decodes a text and runs it',
    pieces: [/\bbase(?:64|32)\s/, /(?:^|\s)(?:-d|-D|--decode)\b/, thenInterpreter],
    weight: 0.85,
    attack: ['T1140', 'T1059.004'],
  },
  {
    id: 'make-temporary-executable',
    says: 'makes a file in a temporary folder executable',
    pieces: [
      /\bchmod\s/,
      /\b[0-7]{0,2}[157][0-7]{0,2}\s|[ugoa]{0,3}\+[rws]{0,3}x\s/,
      // Not the folder of keys that Debian's apt-key makes at each update, also for a root that is being made there.
      /(?:^|\s)(?:\/tmp|\/var\/tmp|\/dev\/shm)\/(?!(?:[^\s/]+\/){0,20}apt-key-gpghome\.\w{10}$)/,
    ],
    weight: 0.45,
    attack: ['T1222.002'],
  },
];

/** Longer command lines are looked at up to here. */
const maxCommandLength = 20_000;

export function matchesCommand({ pieces }: CommandPattern, command: string): boolean {
  let rest = command.slice(0, maxCommandLength);
  for (const piece of pieces) {
    const found = piece.exec(rest);
    if (found === null) return false;
    rest = rest.slice(found.index + Math.max(1, found[0].length - 1));
  }
  return true;
}

/** Programs that answer the network: none of them has a reason to start a shell or a downloader in daily work. */
export const serverPrograms: ReadonlySet<string> = new Set([
  'java',
  'catalina.sh',
  'nginx',
  'apache2',
  'httpd',
  'lighttpd',
  'caddy',
  'traefik',
  'php-fpm',
  'gunicorn',
  'uwsgi',
  'puma',
  'unicorn',
  'node',
  'dotnet',
  'postgres',
  'mysqld',
  'mariadbd',
  'mongod',
  'redis-server',
  'memcached',
  'named',
  'exim4',
  'master',
  'smbd',
  'vsftpd',
  'proftpd',
  'squid',
  'haproxy',
]);

const scriptTools =
  /^(?:.*\/)?(?:npm|npx|yarn|pnpm|pnpx|corepack|node-gyp|vitest|jest|mocha|vite|webpack|rollup|turbo|nx|lerna|gulp|grunt)(?:-cli)?(?:\.[cm]?js)?$/;
const javaTools = /\s(?:org\.gradle\.|org\.codehaus\.plexus\.classworlds\.launcher\.Launcher\b|\S*\/sbt-launch)/;

/**
 * Whether a runtime that serves elsewhere builds here: `node /usr/bin/npm run test`, Gradle, Maven. Shells are their daily work.
 * What a server was started for cannot be changed by who breaks into it.
 */
export function isBuildTool(command: string): boolean {
  const [, ...words] = command.slice(0, maxCommandLength).split(' ');
  const script = words.find((word) => !word.startsWith('-'));
  return (script !== undefined && scriptTools.test(script)) || javaTools.test(command.slice(0, maxCommandLength));
}

export const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'busybox']);

/** What an intruder starts first through a server. */
export const firstTools: ReadonlySet<string> = new Set([
  'curl',
  'wget',
  'nc',
  'ncat',
  'netcat',
  'socat',
  'id',
  'whoami',
  'uname',
  'hostname',
  'ifconfig',
  'perl',
  'python',
  'python3',
  'base64',
  'crontab',
  'chattr',
]);

/** Places that programs are not installed in. */
export const oddPlaces: readonly string[] = ['/tmp/', '/var/tmp/', '/dev/shm/', '/run/shm/', '/dev/mqueue/'];

/** `/opt/.cache/x` has a hidden component; `/root/.local/bin/x` and version managers below a home folder are common. */
export function isHiddenPath(path: string): boolean {
  const hidden = path.split('/').findIndex((part) => part.length > 1 && part.startsWith('.') && part !== '..');
  return (
    hidden > 0 &&
    !/^\/(?:root|home\/[^/]{1,64})\/\.(?:local|cargo|rustup|nvm|pyenv|rbenv|npm|cache|vscode|vscode-server|config|dotnet|sdkman|asdf|bun|deno)\b/.test(
      path,
    )
  );
}
