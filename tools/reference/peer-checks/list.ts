/** A check of another tool, in our words, and what of ours says the same; `why` where nothing does, or not all of it. */
export interface PeerCheck {
  readonly ids: readonly string[];
  readonly about: string;
  /** Ids of checks of ours. */
  readonly ours: readonly string[];
  readonly why?: string;
}

export function same(ids: string, about: string, ...ours: readonly string[]): PeerCheck {
  return { ids: ids.split(' '), about, ours };
}

export function without(ids: string, about: string, why: string): PeerCheck {
  return { ids: ids.split(' '), about, ours: [], why };
}

/** Why a rule about the making of images has no check. */
export const quality = 'about the quality of a build, not its safety';
