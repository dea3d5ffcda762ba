/** How names were told apart at one threshold. */
export interface Figures {
  readonly threshold: number;
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
}

const largestThreshold = 3;
/** Precision that a threshold must reach. */
const leastPrecision = 0.97;

/** Figures at the threshold, in quarters, that tells most names right and keeps the precision. */
export function figuresOf(
  generated: readonly number[],
  chosen: readonly number[],
): { readonly best: Figures; readonly all: Figures[] } {
  const all = Array.from({ length: 17 }, (_none, index) => at((index - 4) / 4, generated, chosen));
  const kept = all.filter(({ precision }) => precision >= leastPrecision);
  const best = kept.reduce(
    (most, figures) => (figures.accuracy > most.accuracy ? figures : most),
    kept[0] ?? at(largestThreshold, generated, chosen),
  );
  return { best, all };
}

function at(threshold: number, generated: readonly number[], chosen: readonly number[]): Figures {
  const found = generated.filter((odds) => odds > threshold).length;
  const wrong = chosen.filter((odds) => odds > threshold).length;
  const rounded = (value: number): number => Number(value.toFixed(4));
  return {
    threshold,
    accuracy: rounded((found + chosen.length - wrong) / (generated.length + chosen.length)),
    precision: rounded(found / Math.max(1, found + wrong)),
    recall: rounded(found / generated.length),
  };
}

/** Of each family how many of its names are told at a threshold. */
export function sharesOf(
  odds: readonly (readonly [family: string, odds: readonly number[]])[],
  threshold: number,
): Record<string, number> {
  return Object.fromEntries(
    odds.map(([family, of]) => [family, of.filter((each) => each > threshold).length / Math.max(1, of.length)]),
  );
}
