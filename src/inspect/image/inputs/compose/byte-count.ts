const factors: Readonly<Record<string, number>> = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** `512m`, `1gb`, `64000`: bytes; NaN for what is none. */
export function byteCount(text: string): number {
  const groups = /^(?<number>\d+(?:\.\d+)?)\s*(?<unit>[bkmgt]?)b?$/.exec(text.trim().toLowerCase())?.groups;
  return Number(groups?.['number'] ?? Number.NaN) * (factors[groups?.['unit'] ?? ''] ?? Number.NaN);
}
