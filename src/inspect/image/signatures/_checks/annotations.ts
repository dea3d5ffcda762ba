import type { Trust } from '../../signature-scheme.ts';
import type { CheckList } from './checks.ts';
import { asObject } from './json.ts';

/** Annotations that are read; people sign a handful. */
const maxAnnotations = 256;

/**
 * Judges annotations that were signed, an object of texts by name: those that were asked for must all be there. Where none were, what was
 * signed is told. For a form that signs none, give undefined.
 */
export function judgeAnnotations(signed: unknown, { annotations: wanted }: Trust, checks: CheckList): void {
  const all = Object.entries(asObject(signed) ?? {}).slice(0, maxAnnotations);
  const said = new Map(all.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
  const text = [...said].map(([name, value]) => `${name}=${value}`).join(', ');
  if (wanted === undefined || wanted.size === 0) {
    if (text !== '') checks.notChecked('annotations', `none was asked for; signed with ${text}`);
    return;
  }
  const lacking = [...wanted].filter(([name, value]) => said.get(name) !== value);
  checks.require(
    'annotations',
    lacking.length === 0,
    text,
    `wanted is ${lacking.map(([name, value]) => `${name}=${value}`).join(', ')}, and signed is ${text === '' ? 'none' : text}`,
  );
}
