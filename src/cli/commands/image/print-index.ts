import { append } from '../../../base/multimap.ts';
import { microsPerDay, parseIsoMicros } from '../../../base/time.ts';
import { findBases, type Base } from '../../../inspect/image/index-store/base-images.ts';
import type { ImageIndex } from '../../../inspect/image/index-store/image-index.ts';
import { describeUse, type ImageUse, type IndexedImage } from '../../../inspect/image/index-store/record.ts';
import { visibleJson, visibleText } from '../../../outputs/visible-text.ts';
import type { ExitCode } from '../../command.ts';
import { rowsAsTable } from '../../rows.ts';
import type { Terminal } from '../../terminal.ts';
import { openIndex } from './index-file.ts';

const columns = [
  ['image', 'VARCHAR'],
  ['days', 'BIGINT'],
  ['packages', 'BIGINT'],
  ['uses', 'BIGINT'],
  ['base', 'VARCHAR'],
  ['id', 'VARCHAR'],
  ['platform', 'VARCHAR'],
] as const;

/** Prints the images of a case's index, the ones that are used first, and what is used and not in it. */
export function printIndex(caseFolder: string, terminal: Terminal): Promise<ExitCode> {
  const index = openIndex(caseFolder);
  const bases = findBases(index.images);
  const uses = usesByImage(index);
  const unknown = index.uses.filter(({ reference }) => index.find(reference) === undefined);
  const images = [...index.images].sort((a, b) => (uses.get(b)?.length ?? 0) - (uses.get(a)?.length ?? 0));
  if (terminal.json) {
    const list = images.map((image) => asJson(image, bases.get(image), uses.get(image) ?? []));
    const result = { images: list, not_indexed: unknown };
    terminal.out(`${visibleJson(JSON.stringify(result, undefined, 1))}\n`);
    return Promise.resolve(0);
  }
  const rows = images.map((image) => [
    nameOf(image),
    ageInDays(image) ?? null,
    image.packages.length,
    uses.get(image)?.length ?? 0,
    baseText(bases.get(image)),
    image.id.replace('sha256:', '').slice(0, 12),
    image.platform,
  ]);
  const table = { columns: columns.map(([name, type]) => ({ name, type })), rows, isCut: false };
  terminal.out(rowsAsTable(table, terminal.width));
  for (const use of unknown) {
    terminal.out(`not in the index: ${visibleText(use.reference)}, used by ${visibleText(describeUse(use))}\n`);
  }
  return Promise.resolve(0);
}

/** What people call an image: a name that leads to it, or where it was found. */
export function nameOf({ names, places, id }: IndexedImage): string {
  return visibleText(names[0] ?? places[0] ?? id).replace(/^docker\.io\/(?:library\/)?/, '');
}

/** What manifests use, by the image that their names lead to. */
export function usesByImage(index: ImageIndex): ReadonlyMap<IndexedImage, ImageUse[]> {
  const found = new Map<IndexedImage, ImageUse[]>();
  for (const use of index.uses) {
    const image = index.find(use.reference);
    if (image !== undefined) append(found, image, use);
  }
  return found;
}

function ageInDays({ created }: IndexedImage): number | undefined {
  const time = parseIsoMicros(created ?? '');
  return time === undefined ? undefined : Math.floor((Date.now() * 1000 - time) / microsPerDay);
}

function baseText(base: Base | undefined): string {
  if (base === undefined) return '';
  return base.isWhole ? nameOf(base.image) : `shares ${base.shared} layers with ${nameOf(base.image)}`;
}

function asJson(image: IndexedImage, base: Base | undefined, uses: readonly ImageUse[]): object {
  const { id, digest, names, places, platform, created, layers, distribution, packages, indexedAt, problems } = image;
  const { user, signature } = image;
  return {
    id,
    digest: digest ?? null,
    names,
    places,
    platform,
    created: created ?? null,
    age_days: ageInDays(image) ?? null,
    layers,
    base:
      base === undefined
        ? null
        : { id: base.image.id, name: nameOf(base.image), layers: base.shared, whole: base.isWhole },
    distribution: distribution?.prettyName ?? null,
    user,
    signature:
      signature === undefined
        ? null
        : { state: signature.state, detail: signature.detail, judged_at: signature.judgedAt },
    packages: packages.length,
    uses,
    indexed_at: indexedAt,
    problems,
  };
}
