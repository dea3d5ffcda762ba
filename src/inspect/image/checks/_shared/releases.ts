/** Order of release numbers: digits only, what follows `+`, `~` or `-` is left out, except that a candidate comes before its release. */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let index = 0; index < 3; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(isCandidate(b)) - Number(isCandidate(a));
}

function numbersOf(version: string): number[] {
  return (/^v?(?<numbers>\d+(?:\.\d+)*)/.exec(version)?.groups?.['numbers'] ?? '').split('.').map(Number);
}

function isCandidate(version: string): boolean {
  return /^v?\d[\d.]*[-~](?:rc|alpha|beta)/.test(version);
}
