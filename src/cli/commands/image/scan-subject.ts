import type { Problem } from '../../../base/problem.ts';
import type { Subject } from '../../../inspect/packages/matching/assess.ts';
import type { ArchiveIndex } from '../../../inspect/packages/updates/archive-index.ts';
import { readSbom } from '../../../inspect/packages/sbom/read-sbom.ts';
import type { Terminal } from '../../terminal.ts';
import { billIn } from './bill-file.ts';
import { withImage, type ImageOptions } from './image-options.ts';

export interface OpenedSubject extends Subject {
  /** Digest of the configuration, of an image that has one. */
  readonly imageId?: string;
  readonly problems: readonly Problem[];
  /** Of a root that is no image: the machine that it says it is. */
  readonly hostName?: string;
  /** Indexes of security archives that the tree holds. */
  readonly indexes: readonly ArchiveIndex[];
}

/** The packages of an image, a root or a bill of materials. */
export async function openSubject(
  reference: string,
  options: ImageOptions,
  terminal: Terminal,
): Promise<OpenedSubject> {
  const bill = billIn(reference);
  if (bill !== undefined) return subjectOfBill(reference, bill);
  // A bill needs none of the catalogers, which take a while to load.
  const { catalogTree } = await import('../../../inspect/packages/catalog.ts');
  const { indexesOfTree } = await import('../../../inspect/packages/updates/read-indexes.ts');
  return withImage(reference, options, terminal, (image) => {
    const { distribution, packages, problems } = catalogTree(image.tree);
    const lists = indexesOfTree(image.tree);
    const name = image.tags[0] ?? reference;
    const hostName = image.tree.kind === 'image' ? undefined : image.tree.read('/etc/hostname', 256)?.toString().trim();
    return {
      name,
      digests: [image.manifest?.digest, image.index?.digest, image.id].filter((digest) => digest !== undefined),
      ...(image.id === undefined ? {} : { imageId: image.id }),
      distribution,
      packages,
      problems: [...problems, ...lists.problems, ...image.drainProblems()],
      indexes: lists.indexes,
      ...(hostName === undefined || hostName === '' ? {} : { hostName }),
    };
  });
}

function subjectOfBill(path: string, text: string): OpenedSubject {
  const { sbom, problems } = readSbom(text);
  return {
    name: sbom.subject.name === '' ? path : sbom.subject.name,
    digests: sbom.subject.digest === undefined ? [] : [sbom.subject.digest],
    distribution: sbom.distribution,
    packages: sbom.packages,
    indexes: [],
    problems: problems.map((problem) => ({ ...problem, at: { path } })),
  };
}
