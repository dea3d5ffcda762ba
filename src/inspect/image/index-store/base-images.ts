import { createHash } from 'node:crypto';
import type { IndexedImage } from './record.ts';

/** What an image is built on, as far as the index knows. */
export interface Base {
  readonly image: IndexedImage;
  /** Layers that both have from the lowest on. */
  readonly shared: number;
  /** All layers of the other image are in this one: it is a base. Otherwise both have one that is not in the index. */
  readonly isWhole: boolean;
}

/**
 * For each image the other one with which it shares the most layers from the lowest on. One whose layers are all in it is
 * preferred; of images with the same layers none is the base of the other.
 */
export function findBases(images: readonly IndexedImage[]): ReadonlyMap<IndexedImage, Base> {
  const chains = new Map(images.map((image) => [image, chainOf(image.layers)]));
  const whole = new Map<string, IndexedImage>();
  const branches = new Map<string, Branch[]>();
  for (const [image, chain] of chains) {
    const last = chain.at(-1);
    if (last !== undefined && !whole.has(last)) whole.set(last, image);
    for (const [at, next] of chain.slice(1).entries()) {
      const here = branches.get(chain[at] ?? '') ?? [];
      // Two that go on differently are enough: one of them is not the image that is asked about.
      const isNew = here.length < 2 && here.every((branch) => branch.next !== next);
      if (isNew) branches.set(chain[at] ?? '', [...here, { image, next }]);
    }
  }
  const bases = new Map<IndexedImage, Base>();
  for (const [image, chain] of chains) {
    const base = wholeBase(chain, whole) ?? sharedBase(chain, branches);
    if (base !== undefined) bases.set(image, base);
  }
  return bases;
}

/** An image that goes on with another layer after the layers that it shares. */
interface Branch {
  readonly image: IndexedImage;
  readonly next: string;
}

function wholeBase(chain: readonly string[], whole: ReadonlyMap<string, IndexedImage>): Base | undefined {
  for (let shared = chain.length - 1; shared > 0; shared--) {
    const image = whole.get(chain[shared - 1] ?? '');
    if (image !== undefined) return { image, shared, isWhole: true };
  }
  return undefined;
}

function sharedBase(chain: readonly string[], branches: ReadonlyMap<string, readonly Branch[]>): Base | undefined {
  for (let shared = chain.length - 1; shared > 0; shared--) {
    const other = branches.get(chain[shared - 1] ?? '')?.find(({ next }) => next !== chain[shared]);
    if (other !== undefined) return { image: other.image, shared, isWhole: false };
  }
  return undefined;
}

/** One digest for each beginning of the list. */
function chainOf(layers: readonly string[]): string[] {
  let chain = '';
  return layers.map((layer) => {
    chain = createHash('sha256').update(`${chain} ${layer}`).digest('base64');
    return chain;
  });
}
