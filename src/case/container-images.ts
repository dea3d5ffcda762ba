import { kindIds, columnEntries } from '../events/event.ts';
import type { Finding } from '../events/finding.ts';
import type { ReadStore } from '../store/store.ts';

/** Containers that are looked up; a case with more has them from something that makes up names. */
const maxContainers = 20_000;

/** Findings about containers, each with the image of the container where any sensor has told it. */
export async function withImages(store: ReadStore, findings: readonly Finding[]): Promise<Finding[]> {
  const isAsked = findings.some((finding) => containersOf(finding).length > 0);
  if (!isAsked) return [...findings];
  const images = await imagesOf(store);
  return findings.map((finding) => {
    if (finding.entities.some(({ kind }) => kind === 'image')) return finding;
    const found = new Set(containersOf(finding).flatMap((container) => [...(images.get(keyOf(container)) ?? [])]));
    if (found.size === 0) return finding;
    return {
      ...finding,
      entities: [...finding.entities, ...[...found].map((value) => ({ kind: 'image', value }) as const)],
    };
  });
}

function containersOf({ entities }: Finding): string[] {
  return entities.flatMap(({ kind, value }) => (kind === 'container' ? [value] : []));
}

/** Images by id and by name of their containers. */
async function imagesOf(store: ReadStore): Promise<Map<string, Set<string>>> {
  const kinds = kindIds.filter((kind) => columnEntries(kind).some(([name]) => name === 'container_image_name'));
  const parts = kinds.map(
    (kind) =>
      `SELECT DISTINCT container_id AS id, container_name AS name, container_image_name AS image FROM ${kind} WHERE container_image_name IS NOT NULL`,
  );
  const sql = `SELECT DISTINCT id, name, image FROM (${parts.join(' UNION ALL ')}) ORDER BY ALL LIMIT ${maxContainers}`;
  const images = new Map<string, Set<string>>();
  for (const { id, name, image } of await store.query(sql)) {
    for (const container of [id, name]) {
      if (typeof container !== 'string' || typeof image !== 'string') continue;
      const key = keyOf(container);
      const known = images.get(key);
      if (known === undefined) images.set(key, new Set([image]));
      else known.add(image);
    }
  }
  return images;
}

/** Ids are written in full and as their first twelve digits. */
function keyOf(container: string): string {
  return /^[0-9a-f]{12,64}$/.test(container) ? container.slice(0, 12) : container;
}
