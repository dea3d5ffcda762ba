import { readStart } from '../collect/open/content.ts';
import type { OpenContext } from '../collect/open/open-file.ts';
import type { Source } from '../collect/source.ts';
import type { EvidenceRow, Store } from '../store/store.ts';
import { findSource, sourceById } from './find-source.ts';
import { detectBytes } from './fingerprint.ts';
import { leavesOf } from './read-again.ts';

const settingName = 'mapping_editions';

/**
 * Contents that a mapping file which is new to the case, or has changed since, reads otherwise than they were read: as plain log records,
 * by another mapping, by an older edition of it, or not at all. Looks at files only where there is such a mapping.
 */
export async function contentsToMap(store: Store, mapped: readonly Source[], context: OpenContext): Promise<number[]> {
  const known = await editions(store);
  const news = new Set(mapped.filter(({ id, edition }) => known[id] !== edition).map(({ id }) => id));
  if (news.size === 0) return [];
  const candidates = new Map(
    (await store.evidence()).filter((row) => mayBeMapped(row, mapped)).map((row) => [row.path, row]),
  );
  const found: number[] = [];
  for await (const leaf of leavesOf([...candidates.values()], context)) {
    const row = candidates.get(leaf.path);
    const head = await readStart(leaf, detectBytes, context.limits);
    const source = findSource(leaf.path, head, mapped);
    const isNews = [source?.id, row?.source].some((id) => news.has(id ?? ''));
    if (row !== undefined && isNews) found.push(row.evidence_id);
  }
  return found;
}

/** Those mapping files are no news from now on. Others that the case knows stay known: a run need not name them all. */
export async function rememberMappings(store: Store, mapped: readonly Source[]): Promise<void> {
  const known = await editions(store);
  const now = { ...known, ...Object.fromEntries(mapped.map(({ id, edition = '' }) => [id, edition])) };
  if (JSON.stringify(now) !== JSON.stringify(known)) await store.setSetting(settingName, JSON.stringify(now));
}

async function editions(store: Store): Promise<Readonly<Record<string, string>>> {
  return JSON.parse((await store.setting(settingName)) ?? '{}') as Readonly<Record<string, string>>;
}

/** What a native format was recognised by stays with it; places that were inspected are no contents. */
function mayBeMapped({ source, content_sha256 }: EvidenceRow, mapped: readonly Source[]): boolean {
  if (content_sha256 === '') return false;
  if (source === null) return true;
  return (sourceById(source, mapped)?.emits.every((kind) => kind === 'log') ?? true) || source.startsWith('mapped/');
}
