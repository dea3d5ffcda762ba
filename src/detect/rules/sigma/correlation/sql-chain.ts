/**
 * Length of the longest chain of parts in rising order within the span before each row, in SQL: level by level, each row
 * gets the latest start of a chain of that length that ends in it. A later start is in every window that an earlier one
 * is in, so the latest is enough. Events of one time follow each other as they stand, and the window has all of them.
 */
export function chainLength(
  rows: string,
  parts: number,
  { order, peers, span }: { readonly order: string; readonly peers: string; readonly span: number },
): { readonly from: string; readonly measure: string } {
  const before = `OVER (${order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
  let from = `SELECT *, moment AS start_1 FROM (${rows})`;
  for (let length = 2; length <= parts; length++) {
    const shorter = `start_${length - 1}`;
    const latest = Array.from(
      { length: parts },
      (_none, part) => `max(CASE WHEN part = ${part} THEN ${shorter} END) ${before} AS latest_${length}_${part}`,
    );
    const longer = Array.from({ length: parts }, (_none, part) => {
      const earlier = Array.from({ length: part }, (_other, index) => `latest_${length}_${index}`);
      return earlier.length === 0 ? '' : ` WHEN ${part} THEN greatest(${earlier.join(', ')})`;
    });
    from = `SELECT *, CASE part${longer.join('')} END AS start_${length} FROM (SELECT *, ${latest.join(', ')} FROM (${from}))`;
  }
  const lengths = Array.from({ length: parts }, (_none, index) => parts - index);
  const cases = lengths.map((length) => `WHEN max(start_${length}) ${before} >= moment - ${span} THEN ${length}`);
  const chain = `SELECT *, CASE ${cases.join(' ')} ELSE 0 END AS chain FROM (${from})`;
  return { from: chain, measure: `max(chain) OVER ${peers}` };
}
