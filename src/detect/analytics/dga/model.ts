import model from './model.json' with { type: 'json' };
import { featuresOf } from './features.ts';

const groupWeights = weightsOf(model.groups);
const kindWeights = weightsOf(model.kinds);
/** Longer labels are none (RFC 1035 2.3.4). */
const maxLabel = 63;

function weightsOf(packed: string): Int8Array {
  const bytes = Buffer.from(packed, 'base64');
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/**
 * How much a registered domain (`label.suffix`) looks as if an algorithm had made it: log odds, 0 is undecided, 2 rarely wrong. Sees random
 * letters, digits, made-up syllables, and part of the names that are put together from words. `tools/dga-model` trains it.
 */
export function generatedLogOdds(domain: string): number {
  const name = domain.toLowerCase();
  const dot = name.indexOf('.');
  const label = (dot < 0 ? name : name.slice(0, dot)).slice(0, maxLabel);
  const suffix = dot < 0 ? '' : name.slice(dot + 1, dot + 1 + maxLabel);
  const { groups, shape, kinds } = featuresOf(label, suffix);
  let sum = 0;
  for (const group of groups) sum += groupWeights[group] ?? 0;
  let odds = groups.length === 0 ? 0 : (sum * model.groupScale) / Math.sqrt(groups.length);
  for (const [index, value] of shape.entries()) odds += (model.shape[index] ?? 0) * value;
  for (const kind of kinds) odds += (kindWeights[kind] ?? 0) * model.kindScale;
  return odds;
}
