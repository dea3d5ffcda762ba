import type { YamlMap } from '../../../../base/yaml-tree.ts';
import { collect, SigmaError } from '../error.ts';
import type { Detection, Search, SigmaFilter, SigmaRule } from '../model.ts';
import { readMap, readReferences } from './attributes.ts';
import { parseCondition } from './condition.ts';
import { readDetection } from './detection.ts';
import { readLogsource, readMetadata, type Faults } from './metadata.ts';

/** Keys of a detection section that are no search identifiers. `timeframe` went with the old aggregations. */
const notSearches: ReadonlySet<string> = new Set(['condition', 'timeframe']);

/** A detection rule; undefined when it has errors. Sections are read to the end, so that all errors are told at once. */
export function readRule(map: YamlMap, faults: Faults): SigmaRule | undefined {
  const { errors } = faults;
  const metadata = readMetadata(map, faults);
  const logsource = collect(errors, () => readLogsource(map));
  const section = collect(errors, () => readMap(map, 'detection', 'SigmaDetectionError'));
  const detections = section === undefined ? undefined : readDetections(section, notSearches, errors);
  const conditions =
    section === undefined || detections === undefined
      ? undefined
      : collect(errors, () => readConditions(section, detections));
  if (errors.length > 0 || logsource === undefined || detections === undefined || conditions === undefined) {
    return undefined;
  }
  return { kind: 'rule', ...metadata, logsource, detections, conditions };
}

function readDetections(
  section: YamlMap,
  without: ReadonlySet<string>,
  errors: SigmaError[],
): ReadonlyMap<string, Detection> | undefined {
  const detections = new Map<string, Detection>();
  const before = errors.length;
  for (const [name, entry] of section.entries) {
    if (without.has(name)) continue;
    const detection = collect(errors, () => readDetection(entry.value));
    if (detection !== undefined) detections.set(name, detection);
  }
  if (errors.length > before) return undefined;
  if (detections.size > 0) return detections;
  errors.push(new SigmaError('SigmaDetectionError', 'the detection has no search identifier', section.at));
  return undefined;
}

function readConditions(section: YamlMap, detections: ReadonlyMap<string, Detection>): Search[] {
  const texts = readReferences(section, 'condition', 'SigmaConditionError');
  if (texts.length === 0) throw new SigmaError('SigmaConditionError', 'the detection has no condition', section.at);
  return texts.map(({ to, at }) => parseCondition(to, detections.keys(), at));
}

/** A filter: what a site leaves out of, or asks in addition of, rules that it does not write itself. */
export function readFilter(map: YamlMap, faults: Faults): SigmaFilter | undefined {
  const { errors } = faults;
  const metadata = readMetadata(map, faults);
  const logsource = collect(errors, () => readLogsource(map));
  const section = collect(errors, () => readMap(map, 'filter', 'SigmaFilterError'));
  if (section === undefined) return undefined;
  const rules = collect(errors, () => readReferences(section, 'rules', 'SigmaFilterError'));
  if (rules !== undefined && !section.entries.has('rules')) {
    errors.push(new SigmaError('SigmaFilterError', 'the filter names no rules ("any" stands for all)', section.at));
  }
  const detections = readDetections(section, new Set(['condition', 'rules']), errors);
  const [condition, ...more] =
    detections === undefined ? [] : (collect(errors, () => readConditions(section, detections)) ?? []);
  if (more.length > 0) errors.push(new SigmaError('SigmaFilterError', 'a filter has one condition', section.at));
  if (errors.length > 0 || !logsource || !rules || !detections || !condition) return undefined;
  const isAny = rules.length === 0 || (rules.length === 1 && /^(?:any|all)$/i.test(rules[0]?.to ?? ''));
  return { kind: 'filter', ...metadata, logsource, rules: isAny ? 'any' : rules, detections, condition };
}
