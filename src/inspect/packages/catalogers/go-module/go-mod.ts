import type { NamedPackage } from '../../named-packages.ts';

interface ModuleVersion {
  readonly path: string;
  readonly version: string;
}

export interface GoMod {
  readonly module: string;
  readonly requires: readonly ModuleVersion[];
  /** By `path` or `path version`: what stands for it. */
  readonly replaces: ReadonlyMap<string, ModuleVersion>;
  /** Since Go 1.17 all modules that are needed are named, indirect ones too. */
  readonly isPruned: boolean;
  readonly badLines: readonly number[];
}

const directives: ReadonlySet<string> = new Set([
  'module',
  'go',
  'toolchain',
  'godebug',
  'require',
  'exclude',
  'replace',
  'retract',
  'tool',
  'ignore',
]);

/** Directives of a go.mod (go.dev/ref/mod): on one line, or a block of lines in brackets. */
export function parseGoMod(text: string): GoMod {
  const requires: ModuleVersion[] = [];
  const replaces = new Map<string, ModuleVersion>();
  const badLines: number[] = [];
  let module = '';
  let isPruned = false;
  let block = '';
  for (const [index, line] of text.split('\n').entries()) {
    const words = line
      .replace(/\/\/.*$/, '')
      .trim()
      .split(/\s+/)
      .filter(Boolean)
      .map(unquoted);
    if (words.length === 0) continue;
    if (block !== '' && words[0] === ')') {
      block = '';
      continue;
    }
    const directive = block === '' ? (words.shift() ?? '') : block;
    if (!directives.has(directive)) {
      badLines.push(index + 1);
      continue;
    }
    if (words[0] === '(') block = directive;
    else if (directive === 'module') module = words[0] ?? '';
    else if (directive === 'go') isPruned = isFrom117(words[0] ?? '');
    else if (directive === 'require') requires.push({ path: words[0] ?? '', version: words[1] ?? '' });
    else if (directive === 'replace') addReplace(words, replaces);
  }
  return { module, requires, replaces, isPruned, badLines };
}

function unquoted(word: string): string {
  return word.replace(/^["`](?<inner>.*)["`]$/, '$<inner>');
}

function isFrom117(version: string): boolean {
  const { major, minor } = /^(?<major>\d+)\.(?<minor>\d+)/.exec(version)?.groups ?? {};
  return Number(major) > 1 || Number(minor) >= 17;
}

/** `old [version] => new [version]`. */
function addReplace(words: readonly string[], replaces: Map<string, ModuleVersion>): void {
  const arrow = words.indexOf('=>');
  if (arrow < 1) return;
  replaces.set(words.slice(0, arrow).join(' '), { path: words[arrow + 1] ?? '', version: words[arrow + 2] ?? '' });
}

/** Modules of a go.sum whose content (not only their go.mod) was taken, each in its last version there. */
export function readGoSum(text: string): NamedPackage[] {
  const last = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [path, version] = line.trim().split(/\s+/);
    if (path !== undefined && version !== undefined && !version.endsWith('/go.mod')) last.set(path, version);
  }
  return [...last].map(([name, version]) => ({ name, version }));
}
