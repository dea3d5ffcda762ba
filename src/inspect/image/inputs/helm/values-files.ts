import { readFileSync } from 'node:fs';
import { messageOf, VakthundError } from '../../../../base/errors.ts';
import { Budget } from './budget.ts';
import { valueOfYaml } from './from-yaml.ts';
import { mergeValues, type Dictionary } from './value.ts';

/** Files of values, each over the ones before. Throws what a person can act on. */
export function readHelmValues(files: readonly string[]): Dictionary {
  let values: Dictionary = new Map();
  for (const file of files) {
    try {
      const value = valueOfYaml(readFileSync(file, 'utf8'));
      if (!(value instanceof Map)) throw new Error('it holds no map');
      values = mergeValues(values, value, new Budget());
    } catch (error) {
      throw new VakthundError('USAGE', `values of Helm in ${file}: ${messageOf(error)}`);
    }
  }
  return values;
}
