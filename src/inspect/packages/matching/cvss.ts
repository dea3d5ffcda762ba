import { cvssScore4 } from './cvss4.ts';

/** Score of a CVSS vector of version 2, 3.x (base) or 4.0 (first.org/cvss), 0 to 10; undefined for what is none of them. */
export function cvssScore(vector: string): number | undefined {
  if (vector.startsWith('CVSS:4')) return cvssScore4(vector);
  const metrics = new Map(
    vector
      .replace(/^\(|\)$/g, '')
      .split('/')
      .map((part) => part.split(':', 2) as [string, string]),
  );
  return vector.startsWith('CVSS:3') ? score3(metrics) : score2(metrics);
}

type Metrics = ReadonlyMap<string, string>;
type Weights = Readonly<Record<string, number>>;

function weigh(metrics: Metrics, name: string, weights: Weights): number {
  return weights[metrics.get(name) ?? ''] ?? Number.NaN;
}

const impact3 = { H: 0.56, L: 0.22, N: 0 };

/** CVSS 3.1 specification, 7.1. */
function score3(metrics: Metrics): number | undefined {
  const isChanged = metrics.get('S') === 'C';
  const [c, i, a] = ['C', 'I', 'A'].map((name) => 1 - weigh(metrics, name, impact3)) as [number, number, number];
  const base = 1 - c * i * a;
  const impact = isChanged ? 7.52 * (base - 0.029) - 3.25 * (base - 0.02) ** 15 : 6.42 * base;
  const exploitability =
    8.22 *
    weigh(metrics, 'AV', { N: 0.85, A: 0.62, L: 0.55, P: 0.2 }) *
    weigh(metrics, 'AC', { L: 0.77, H: 0.44 }) *
    weigh(metrics, 'PR', isChanged ? { N: 0.85, L: 0.68, H: 0.5 } : { N: 0.85, L: 0.62, H: 0.27 }) *
    weigh(metrics, 'UI', { N: 0.85, R: 0.62 });
  const sum = (isChanged ? 1.08 : 1) * (impact + exploitability);
  if (Number.isNaN(sum)) return undefined;
  return impact <= 0 ? 0 : roundUp(Math.min(sum, 10));
}

/** One digit, upwards; computed in whole numbers, as appendix A has it. */
function roundUp(value: number): number {
  const whole = Math.round(value * 100_000);
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10;
}

const impact2 = { N: 0, P: 0.275, C: 0.66 };

/** CVSS 2 guide, 3.2.1. */
function score2(metrics: Metrics): number | undefined {
  const [c, i, a] = ['C', 'I', 'A'].map((name) => 1 - weigh(metrics, name, impact2)) as [number, number, number];
  const impact = 10.41 * (1 - c * i * a);
  const exploitability =
    20 *
    weigh(metrics, 'AV', { L: 0.395, A: 0.646, N: 1 }) *
    weigh(metrics, 'AC', { H: 0.35, M: 0.61, L: 0.71 }) *
    weigh(metrics, 'Au', { M: 0.45, S: 0.56, N: 0.704 });
  const score = (0.6 * impact + 0.4 * exploitability - 1.5) * (impact === 0 ? 0 : 1.176);
  return Number.isNaN(score) ? undefined : Math.round(score * 10) / 10;
}
