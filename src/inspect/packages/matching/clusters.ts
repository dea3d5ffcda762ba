import type { Advice } from '../advisories/advice.ts';

/** Vulnerabilities with all their names: those that share one are the same. */
export class Clusters {
  readonly #parent = new Map<string, string>();

  add({ id, aliases }: Pick<Advice, 'id' | 'aliases'>): void {
    const root = this.#find(id);
    for (const alias of aliases) this.#parent.set(this.#find(alias), root);
  }

  /** The same text for all names of one vulnerability. */
  keyOf(id: string): string {
    return this.#find(id);
  }

  /** Path halving keeps the chains short. */
  #find(id: string): string {
    let at = id;
    for (;;) {
      const parent = this.#parent.get(at) ?? at;
      if (parent === at) return at;
      const above = this.#parent.get(parent) ?? parent;
      this.#parent.set(at, above);
      at = above;
    }
  }
}

const preferred = [/^MAL-/, /^CVE-/, /^GHSA-/];

/** The name that people look for first: of malicious packages their own, else the CVE, else GitHub's, else the first by text. */
export function mainName(ids: readonly string[]): string {
  const rank = (id: string): number => {
    const place = preferred.findIndex((pattern) => pattern.test(id));
    return place < 0 ? preferred.length : place;
  };
  return [...ids].sort((a, b) => rank(a) - rank(b) || byText(a, b))[0] ?? '';
}

export function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
