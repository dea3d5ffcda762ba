import { defineHostTable } from '../table.ts';
import { nameOf, parentOf } from '../../tree/tree.ts';
import type { TableContext } from '../table-context.ts';

interface Line {
  readonly source: string;
  readonly header: string;
  readonly rule_details: string;
}

/** sudoers(5): no more than 128 files are nested. */
const maxDepth = 128;
const maxFiles = 4096;

export const table = defineHostTable({
  id: 'sudoers',
  title: 'Rules of sudo',
  description: 'From `/etc/sudoers` and what it includes, line by line.',
  columns: { source: 'text', header: 'text', rule_details: 'text' },
  needs: 'root',
  *rows(context) {
    yield* readSudoers(context, '/etc/sudoers', 1, new Set());
  },
});

function* readSudoers(context: TableContext, path: string, depth: number, seen: Set<string>): Generator<Line> {
  if (depth > maxDepth || seen.size >= maxFiles || seen.has(path)) return;
  seen.add(path);
  const text = context.text(path)?.replaceAll(/\\\r?\n/g, ' ') ?? '';
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    const include = /^[#@]include(?<folder>dir)?\s+(?<target>.+)$/.exec(line)?.groups;
    if (line === '' || (line.startsWith('#') && include === undefined)) continue;
    const [first = '', ...rest] = line.split(/\s+/);
    yield { source: path, header: first.startsWith('#') ? first.slice(1) : first, rule_details: rest.join(' ') };
    if (include !== undefined) {
      const target = targetOf(include['target'] ?? '', path);
      const files = include['folder'] === undefined ? [target] : includedFiles(context, target);
      for (const file of files) yield* readSudoers(context, file, depth + 1, seen);
    }
  }
}

function targetOf(written: string, from: string): string {
  const path = written.trim().replaceAll(/^"|"$/g, '').replaceAll('\\ ', ' ');
  return path.startsWith('/') ? path : `${parentOf(from)}/${path}`;
}

/** Names with a dot or a tilde at the end are skipped by sudo. */
function includedFiles({ tree }: TableContext, folder: string): string[] {
  return tree.list(folder).flatMap(({ path }) => {
    const name = nameOf(path);
    return name.includes('.') || name.endsWith('~') || tree.stat(path)?.type !== 'file' ? [] : [path];
  });
}
