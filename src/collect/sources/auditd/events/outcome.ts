import type { Call } from './call.ts';
import type { Fields } from '../records/fields.ts';
import { key } from '../records/keys.ts';
import { isNone, text, textAt } from '../records/values.ts';

const keyKey = key('key');

/** Keys of the audit rules that logged an event: `key="a"`, or several joined by 0x01. Null when there is none. */
export function ruleKeys(fields: Fields): readonly string[] | null {
  const index = fields.indexOf(keyKey);
  if (index < 0 || isNone(fields, index)) return null;
  const keys = textAt(fields, index);
  return keys.includes('\u0001') ? keys.split('\u0001') : [keys];
}

export function outcomeOf(call: Call | undefined): 'success' | 'failure' | null {
  if (call?.hasSucceeded === undefined) return null;
  return call.hasSucceeded ? 'success' : 'failure';
}

const resKey = key('res');
const resultKey = key('result');

/** `res=success`, `res=1`, `result=yes`; anything else that stands there is a failure, nothing is null. */
export function resultOf(fields: Fields): 'success' | 'failure' | null {
  const index = fields.indexOf(resKey);
  const result = index >= 0 ? fields.rawAt(index) : text(fields, resultKey);
  if (result === null || result === '' || result === '?') return null;
  return result === 'success' || result === '1' || result === 'yes' ? 'success' : 'failure';
}
