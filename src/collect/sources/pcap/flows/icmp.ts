/** Types that answer each other (RFC 792, 950, 1256). */
const pairs4: ReadonlyMap<number, number> = pairsOf([
  [8, 0],
  [13, 14],
  [15, 16],
  [17, 18],
  [10, 9],
]);
/** RFC 4443, 4861, 2710, 4620, 6275. */
const pairs6: ReadonlyMap<number, number> = pairsOf([
  [128, 129],
  [130, 131],
  [133, 134],
  [135, 136],
  [139, 140],
  [144, 145],
  [146, 147],
]);

/** Type of the message that answers this one; undefined for types that are not answered. */
export function icmpCounterpart(type: number, isVersion6: boolean): number | undefined {
  return (isVersion6 ? pairs6 : pairs4).get(type);
}

function pairsOf(pairs: readonly (readonly [number, number])[]): Map<number, number> {
  return new Map(
    pairs.flatMap(([a, b]): [number, number][] => [
      [a, b],
      [b, a],
    ]),
  );
}
