import type { YamlMap } from '../../../../base/yaml-tree.ts';
import { collect, SigmaError } from '../error.ts';
import { correlationTypes, type Bound, type CorrelationType, type SigmaCorrelation } from '../model.ts';
import { readMap, readReferences, readText, readTexts, textOf } from './attributes.ts';
import { readMetadata, type Faults } from './metadata.ts';

const operators: readonly string[] = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'];
const secondsOf: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  M: 2_629_746,
  y: 31_556_952,
};
const code = 'SigmaCorrelationRuleError';

/** https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-correlation-rules-specification.md */
export function readCorrelation(map: YamlMap, faults: Faults): SigmaCorrelation | undefined {
  const { errors } = faults;
  const metadata = readMetadata(map, faults);
  const section = collect(errors, () => readMap(map, 'correlation', code));
  if (section === undefined) return undefined;
  const type = collect(errors, () => readType(section));
  const rules = collect(errors, () => readReferences(section, 'rules', code));
  if (rules?.length === 0) errors.push(new SigmaError(code, 'the correlation names no rules', section.at));
  const groupBy = collect(errors, () => readTexts(section, 'group-by', code));
  const timespanSeconds = collect(errors, () => readTimespan(section));
  const condition =
    type === undefined ? undefined : collect(errors, () => readBounds(section, type, rules?.length ?? 0));
  const aliases = collect(errors, () => readAliases(section));
  const generate = readFlag(map, 'generate') || readFlag(section, 'generate');
  if (errors.length > 0 || !type || !rules || !groupBy || !timespanSeconds || !condition || !aliases) return undefined;
  return { kind: 'correlation', ...metadata, type, rules, groupBy, timespanSeconds, ...condition, aliases, generate };
}

function readType(section: YamlMap): CorrelationType {
  const text = readText(section, 'type', code);
  const type = correlationTypes.find((known) => known === text);
  if (type !== undefined) return type;
  const message = text === undefined ? '"type" is missing' : `the type ${JSON.stringify(text)} is not known`;
  throw new SigmaError(code, message, section.entries.get('type')?.keyAt ?? section.at);
}

function readTimespan(section: YamlMap): number {
  const entry = section.entries.get('timespan') ?? section.entries.get('timeframe');
  const text = textOf(entry?.value) ?? '';
  const match = /^(?<count>\d{1,9})(?<unit>[smhdwMy])$/.exec(text);
  const seconds = Number(match?.groups?.['count'] ?? 0) * (secondsOf[match?.groups?.['unit'] ?? ''] ?? 0);
  if (seconds > 0) return seconds;
  const message = entry === undefined ? '"timespan" is missing' : `${JSON.stringify(text)} is no timespan like 90m`;
  throw new SigmaError('SigmaTimespanError', message, entry?.keyAt ?? section.at);
}

/** Without a condition, a temporal correlation wants all of its rules. */
function readBounds(
  section: YamlMap,
  type: CorrelationType,
  rules: number,
): Pick<SigmaCorrelation, 'bounds' | 'field' | 'percentile'> {
  const isTemporal = type === 'temporal' || type === 'temporal_ordered';
  if (!section.entries.has('condition') && isTemporal) {
    return { bounds: [{ operator: 'gte', value: rules }], field: undefined, percentile: 0 };
  }
  const map = readMap(section, 'condition', code);
  const bounds: Bound[] = [];
  for (const { key, keyAt, value } of map.entries.values()) {
    if (!operators.includes(key)) continue;
    const number = value.kind === 'scalar' ? value.value : undefined;
    if (typeof number !== 'number') throw new SigmaError(code, `"${key}" must be a number`, keyAt);
    bounds.push({ operator: key as Bound['operator'], value: number });
  }
  if (bounds.length === 0) throw new SigmaError(code, `the condition has none of ${operators.join(', ')}`, map.at);
  const odd = [...map.entries.values()].find(
    ({ key }) => !operators.includes(key) && key !== 'field' && key !== 'percentile',
  );
  if (odd !== undefined) throw new SigmaError(code, `the condition cannot have "${odd.key}"`, odd.keyAt);
  const fields = readTexts(map, 'field', code);
  if (type.startsWith('value_') && fields.length !== 1) {
    throw new SigmaError(code, `${type} needs one "field" in its condition`, map.at);
  }
  return { bounds, field: fields[0], percentile: readPercentile(map) };
}

/** The specification gives `value_percentile` no place for which one; pySigma takes it from the condition, 50 by default. */
function readPercentile(map: YamlMap): number {
  const entry = map.entries.get('percentile');
  if (entry === undefined) return 50;
  const value = entry.value.kind === 'scalar' ? entry.value.value : undefined;
  if (typeof value === 'number' && value >= 0 && value <= 100) return value;
  throw new SigmaError(code, '"percentile" must be a number from 0 to 100', entry.keyAt);
}

function readAliases(section: YamlMap): Map<string, Map<string, string>> {
  const aliases = new Map<string, Map<string, string>>();
  if (!section.entries.has('aliases')) return aliases;
  for (const [alias, entry] of readMap(section, 'aliases', code).entries) {
    if (entry.value.kind !== 'map') throw new SigmaError(code, `the alias "${alias}" must be a map`, entry.keyAt);
    const fields = new Map<string, string>();
    for (const [rule, field] of entry.value.entries) {
      const text = textOf(field.value);
      if (text === undefined) throw new SigmaError(code, `"${alias}" needs a field for each rule`, field.keyAt);
      fields.set(rule, text);
    }
    aliases.set(alias, fields);
  }
  return aliases;
}

function readFlag(map: YamlMap, key: string): boolean {
  const value = map.entries.get(key)?.value;
  return value?.kind === 'scalar' && value.value === true;
}
