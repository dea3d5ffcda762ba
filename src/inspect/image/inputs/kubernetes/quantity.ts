const factors: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity of Kubernetes: `100m`, `64Mi`, `1.5`, `2e3`. Undefined for what is none. */
export function quantity(text: string): number | undefined {
  const groups = /^(?<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?<unit>[numkMGTPE]?i?)$/.exec(
    text.trim(),
  )?.groups;
  const factor = factors[groups?.['unit'] ?? '?'];
  return factor === undefined ? undefined : Number(groups?.['number']) * factor;
}
