import { userInfo } from 'node:os';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { VakthundError } from '../../../base/errors.ts';
import { stableId } from '../../../base/id.ts';
import { parseCidr } from '../../../base/ip.ts';
import type { Micros } from '../../../base/time.ts';
import { readSuppressions, writeSuppressions } from '../../../case/suppressions.ts';
import { dayAfter, isExpired, isNetworkKey } from '../../../incidents/suppress/suppress.ts';
import { scopeKeys, type ScopeKey } from '../../../incidents/suppress/scope.ts';
import { widthOf, type Width } from '../../../incidents/suppress/width.ts';
import { suppressionSchema, type Silencing, type Suppression } from '../../../incidents/suppress/suppression.ts';
import { visibleText } from '../../../outputs/visible-text.ts';
import { counted } from '../../../outputs/words.ts';
import type { ExitCode } from '../../command.ts';
import { settingsOf, withCase, type GlobalOptions } from '../../context.ts';
import { rowsAsTable } from '../../rows.ts';
import type { Terminal } from '../../terminal.ts';

export interface AddOptions extends GlobalOptions, Readonly<Partial<Record<ScopeKey, readonly string[]>>> {
  readonly reason: string;
  readonly author?: string;
  readonly expires: string;
  readonly id?: string;
}

/** Adds an entry, and says at once what it silences. */
export async function add(options: AddOptions, terminal: Terminal): Promise<ExitCode> {
  const folder = resolve(options.case);
  const entry = entryOf(options, Date.now() * 1000);
  const others = readSuppressions(folder);
  if (others.some(({ id }) => id === entry.id)) {
    throw new VakthundError('USAGE', `there is an entry "${entry.id}" already`, { hint: 'vakthund suppress' });
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeSuppressions(folder, [...others, entry]);
  const verdict = await withCase(options, terminal, (service) => service.reapply());
  const width = widthOf(entry, verdict, Date.now() * 1000);
  const until = entry.expires === undefined ? 'without end' : `until ${entry.expires}`;
  if (terminal.json) terminal.out(`${JSON.stringify({ ...entry, ...width })}\n`);
  else {
    terminal.out(`${entry.id} silences ${counted(width.hits, 'finding')} of this case${othersText(width)}, ${until}\n`);
    warn([{ ...entry, ...width }], terminal);
  }
  return 0;
}

/** What an entry before it in the file silences already. */
function othersText({ hits, covers }: Width): string {
  return covers > hits ? ` (and covers ${covers - hits} that an earlier entry silences)` : '';
}

/** Silence that goes far is allowed, and said. */
function warn(rows: readonly (Pick<Silencing, 'id'> & Width)[], terminal: Terminal): void {
  const text = rows
    .flatMap(({ id, warnings }) => warnings.map((warning) => `${id}: ${visibleText(warning)}\n`))
    .join('');
  if (text !== '') terminal.talk(`\nLook again\n${text.replaceAll(/^/gm, '  ').trimEnd()}\n`);
}

export async function remove(id: string, options: GlobalOptions, terminal: Terminal): Promise<ExitCode> {
  const folder = resolve(options.case);
  const entries = readSuppressions(folder);
  if (!entries.some((entry) => entry.id === id)) {
    throw new VakthundError('NOT_FOUND', `there is no entry "${id}"`, { hint: 'vakthund suppress' });
  }
  writeSuppressions(
    folder,
    entries.filter((entry) => entry.id !== id),
  );
  await withCase(options, terminal, (service) => service.reapply());
  if (!terminal.quiet) terminal.talk(`${id} is gone; what it silenced is told again\n`);
  return 0;
}

export async function list(options: GlobalOptions, terminal: Terminal): Promise<ExitCode> {
  const { toCaseSettings } = await import('../../../config/settings.ts');
  const { silencing } = toCaseSettings((await settingsOf(options)).settings);
  const entries: Silencing[] = [...readSuppressions(resolve(options.case)), ...silencing];
  const verdict = await withCase(options, terminal, (service) => service.verdict());
  const now = Date.now() * 1000;
  const rows = entries.map((entry) => ({ ...entry, ...widthOf(entry, verdict, now) }));
  if (terminal.json) {
    terminal.out(`${JSON.stringify({ suppressions: rows }, undefined, 1)}\n`);
    return 0;
  }
  const columns = ['id', 'about', 'findings', 'covers', 'until', 'author', 'reason'].map((name) => ({
    name,
    type: name === 'findings' || name === 'covers' ? 'BIGINT' : 'VARCHAR',
  }));
  const cells = rows.map((row) => [
    row.id,
    scopeText(row),
    row.hits,
    row.covers,
    isExpired(row, now) ? `expired ${row.expires ?? ''}` : (row.expires ?? 'without end'),
    visibleText(row.author, 60),
    visibleText(row.reason),
  ]);
  terminal.out(rowsAsTable({ columns, rows: cells, isCut: false }, Math.max(terminal.width, 100)));
  warn(rows, terminal);
  return 0;
}

function entryOf(options: AddOptions, now: Micros): Suppression {
  const scope: Partial<Record<ScopeKey, string | string[]>> = {};
  for (const key of Object.keys(scopeKeys) as ScopeKey[]) {
    const values = options[key];
    if (values === undefined) continue;
    scope[key] = values.length === 1 ? (values[0] ?? '') : [...values];
    for (const value of values) checkNetwork(key, value);
  }
  const expires = expiryOf(options.expires, now);
  const parsed = suppressionSchema.safeParse({
    id: options.id ?? stableId('s-', [JSON.stringify(scope), options.reason]).slice(0, 10),
    ...scope,
    reason: options.reason,
    author: options.author ?? userInfo().username,
    created: dayAfter(now, 0),
    ...(expires === undefined ? {} : { expires }),
  });
  if (parsed.success) return parsed.data;
  throw new VakthundError('USAGE', parsed.error.issues[0]?.message ?? 'the entry is not valid', {
    hint: 'vakthund suppress add --detector analytics/beacon --domain updates.example --reason "…"',
  });
}

/** A network that is none would be taken for a name, and silence nothing. */
function checkNetwork(key: ScopeKey, value: string): void {
  if (isNetworkKey(key) && value.includes('/') && parseCidr(value) === undefined) {
    throw new VakthundError('USAGE', `"${value}" is no network`, { hint: '10.0.0.0/24 or 2001:db8::/32' });
  }
}

function expiryOf(text: string, now: Micros): string | undefined {
  if (text === 'never') return undefined;
  const days = /^(?<count>\d{1,5})d$/.exec(text)?.groups?.['count'];
  if (days !== undefined) return dayAfter(now, Number(days));
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new VakthundError('USAGE', `"${text}" is no day`, { hint: '2027-03-01, 90d or never' });
}

function scopeText(entry: Silencing): string {
  const weak = entry.below === undefined ? [] : [`below ${entry.below}`];
  return (Object.keys(scopeKeys) as ScopeKey[])
    .flatMap((key) => {
      const value = entry[key];
      return value === undefined ? [] : [`${key} ${visibleText([value].flat().join(', '), 120)}`];
    })
    .concat(weak)
    .join('; ');
}
