import model from './model.json' with { type: 'json' };
import { groupsOf, shapeOf } from './features.ts';

const bytes = Buffer.from(model.groups, 'base64');
const groupWeights = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);

/** Longer labels are none (RFC 1035 2.3.4). */
const maxLabel = 63;

/**
 * How much a label of a domain looks as if an algorithm had made it: log odds, 0 is undecided, 2 rarely wrong. Sees random letters, digits
 * and made-up syllables; names put together from words look like any other. `tools/dga-model` trains it.
 */
export function generatedLogOdds(label: string): number {
  const name = label.slice(0, maxLabel).toLowerCase();
  const groups = groupsOf(name);
  let sum = 0;
  for (const group of groups) sum += groupWeights[group] ?? 0;
  let odds = (sum * model.scale) / Math.sqrt(groups.length);
  for (const [index, value] of shapeOf(name).entries()) odds += (model.shape[index] ?? 0) * value;
  return odds;
}
