/**
 * How much of a set of windows memoryless arrivals can fill at most. The intervals of a Poisson process, of any mix of
 * Poisson processes and of bursts of them all have densities that only fall; for such a density the share that lies
 * inside the windows is largest for one single rate, which is searched here. So the bound holds whatever the rate was.
 *
 * Windows are centred on 1, 2, … `multiples` periods, `halfWidth · √k` periods to each side: calls that were missed add
 * their jitter. `dead` is the shortest interval that can occur at all, in periods (calls closer together were joined).
 */
export function memorylessShare(halfWidth: number, multiples: number, dead: number): number {
  const low = 1 - halfWidth - dead;
  if (low <= 0) return 1;
  const high = 1 + halfWidth - dead;
  const best = Math.log(high / low) / (high - low);
  if (multiples === 1) return Math.exp(-best * low) - Math.exp(-best * high);
  let share = 0;
  for (const factor of rateFactors) {
    let sum = 0;
    for (let k = 1; k <= multiples; k++) {
      const half = halfWidth * Math.sqrt(k);
      sum += Math.exp(-best * factor * (k - half - dead)) - Math.exp(-best * factor * (k + half - dead));
    }
    share = Math.max(share, sum);
  }
  return Math.min(1, share * gridSlack);
}

/** What the best rate can lie above the best of those tried. */
const gridSlack = 1.001;

/** With more windows the best rate is lower than that for the first one alone, but not below a tenth of it. */
const rateFactors = Array.from({ length: 24 }, (_none, step) => 1.1 - step * 0.045);

/**
 * Information in nats per interval, by which seeing a share of `seen` inside the windows speaks against at most `bound`
 * (Kullback-Leibler divergence of two coins; Chernoff's bound on the chance of `n` intervals is `exp(-n · this)`).
 */
export function divergence(seen: number, bound: number): number {
  if (seen <= bound || bound <= 0) return 0;
  const rest = seen >= 1 ? 0 : (1 - seen) * Math.log((1 - seen) / (1 - bound));
  return seen * Math.log(seen / bound) + rest;
}
