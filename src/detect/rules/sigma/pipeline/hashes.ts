import { append } from '../../../../base/multimap.ts';
import { SigmaError } from '../error.ts';
import type { DetectionItem } from '../model.ts';
import { readText, readTexts } from '../read/attributes.ts';
import { parseString } from '../strings.ts';
import { code, isSet, plainText } from './read.ts';
import { overItems, type ReadTransformation } from './transformation.ts';

const byLength: ReadonlyMap<number, string> = new Map([
  [32, 'MD5'],
  [40, 'SHA1'],
  [64, 'SHA256'],
  [128, 'SHA512'],
]);

/** `*MD5=abc`, `MD5|abc`, or a hash whose length tells what it is. */
function splitHash(text: string): { readonly algorithm: string; readonly hash: string } {
  const parts = text.split(text.includes('|') ? '|' : '=');
  const [first = '', hash] = parts;
  if (parts.length !== 2 || hash === undefined) return { algorithm: byLength.get(first.length) ?? '', hash: first };
  return { algorithm: first.replace(/^\*+/, '').toUpperCase(), hash };
}

/** A field of Sysmon that holds several hashes becomes a field for each algorithm, any of which may fit. */
export const hashTransformations: Readonly<Record<string, ReadTransformation>> = {
  hashes_fields: (map) => {
    const algorithms = readTexts(map, 'valid_hash_algos', code);
    const prefix = readText(map, 'field_prefix', code) ?? '';
    const isBare = isSet(map, 'drop_algo_prefix');
    return overItems((item) => {
      const texts = item.values.map((value) => (value.type === 'string' ? plainText(value) : undefined));
      if (!texts.every((text) => text !== undefined)) return undefined;
      const byField = new Map<string, string[]>();
      for (const { algorithm, hash } of texts.map(splitHash)) {
        if (!algorithms.includes(algorithm)) continue;
        const field = `${prefix}${isBare ? '' : algorithm}`;
        append(byField, field, hash);
      }
      if (byField.size === 0) {
        const message = `no hash of ${algorithms.join(', ')} in the field "${item.field ?? ''}"`;
        throw new SigmaError('SigmaTransformationError', message, item.at);
      }
      const items = [...byField].map(([field, hashes]): DetectionItem => ({
        ...item,
        field,
        modifiers: [],
        link: 'or',
        values: hashes.map(parseString),
      }));
      return items.length === 1 ? items : [{ link: 'or', items }];
    });
  },
};
