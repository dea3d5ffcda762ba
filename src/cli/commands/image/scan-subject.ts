import type { Problem } from '../../../base/problem.ts';
import { catalogTree } from '../../../inspect/packages/catalog.ts';
import type { Subject } from '../../../inspect/packages/matching/assess.ts';
import type { Terminal } from '../../terminal.ts';
import { withImage, type ImageOptions } from './image-options.ts';

export interface OpenedSubject extends Subject {
  readonly problems: readonly Problem[];
}

/** The packages of an image or a root. */
export function openSubject(reference: string, options: ImageOptions, terminal: Terminal): Promise<OpenedSubject> {
  return withImage(reference, options, terminal, (image) => {
    const { distribution, packages, problems } = catalogTree(image.tree);
    return {
      name: image.tags[0] ?? reference,
      distribution,
      packages,
      problems: [...problems, ...image.drainProblems()],
    };
  });
}
