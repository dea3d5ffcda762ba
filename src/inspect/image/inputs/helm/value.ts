import { maxValueDepth, BudgetError, type Budget } from './budget.ts';

/** A value of a template. Maps keep keys of evidence apart from JavaScript's own; a method is what objects of Helm can do. */
export type Value = string | number | boolean | null | Value[] | Dictionary | Method;
export type Dictionary = Map<string, Value>;
export type Method = (args: readonly Value[]) => Value;

/** Text/template's truth: nothing, zero and what is empty are false. */
export function isTrue(value: Value): boolean {
  if (value === null || value === false || value === 0 || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return !(value instanceof Map) || value.size > 0;
}

/** As Helm prints: nothing for nil, `[a b]`, `map[a:b]`. */
export function toText(value: Value, budget: Budget, depth = 0): string {
  budget.spend();
  if (value === null || typeof value === 'function') return '';
  if (typeof value !== 'object') return String(value);
  if (depth > maxValueDepth) throw new BudgetError('a value holds itself');
  const inner = (one: Value): string => (one === null ? '<nil>' : toText(one, budget, depth + 1));
  if (Array.isArray(value)) return budget.text(`[${value.map(inner).join(' ')}]`);
  return budget.text(
    `map[${sortedEntries(value)
      .map(([key, one]) => `${key}:${inner(one)}`)
      .join(' ')}]`,
  );
}

export function sortedEntries(map: Dictionary): [string, Value][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

export function toJson(value: Value, budget: Budget, depth = 0): string {
  budget.spend();
  if (value === null || typeof value === 'function') return 'null';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value !== 'object') return JSON.stringify(value);
  if (depth > maxValueDepth) throw new BudgetError('a value holds itself');
  if (Array.isArray(value)) return budget.text(`[${value.map((one) => toJson(one, budget, depth + 1)).join(',')}]`);
  const pairs = sortedEntries(value).map(([key, one]) => `${JSON.stringify(key)}:${toJson(one, budget, depth + 1)}`);
  return budget.text(`{${pairs.join(',')}}`);
}

/** YAML in blocks, keys in order, without a line feed at the end. */
export function toYaml(value: Value, budget: Budget, depth = 0): string {
  budget.spend();
  if (value === null || typeof value !== 'object') return yamlScalar(value);
  if (depth > maxValueDepth) throw new BudgetError('a value holds itself');
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return budget.text(value.map((one) => `- ${indented(toYaml(one, budget, depth + 1))}`).join('\n'));
  }
  if (value.size === 0) return '{}';
  const lines = sortedEntries(value).map(([key, one]) => {
    const text = toYaml(one, budget, depth + 1);
    const isBlock = typeof one === 'object' && one !== null && text !== '[]' && text !== '{}';
    // A list may stand at the column of its key.
    if (isBlock) return `${yamlScalar(key)}:\n${Array.isArray(one) ? text : `  ${indented(text)}`}`;
    return `${yamlScalar(key)}: ${text}`;
  });
  return budget.text(lines.join('\n'));
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n  ');
}

/** Plain where nothing could take it for something else. */
function yamlScalar(value: Value): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return 'null';
  const isPlain =
    /^[A-Za-z/][\w./-]*(?: [\w./-]+)*$/.test(value) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(value);
  return isPlain ? value : JSON.stringify(value);
}

/** A copy that shares nothing. */
export function deepCopy(value: Value, budget: Budget, depth = 0): Value {
  budget.spend();
  if (value === null || typeof value !== 'object') return value;
  if (depth > maxValueDepth) throw new BudgetError('a value holds itself');
  if (Array.isArray(value)) return value.map((one) => deepCopy(one, budget, depth + 1));
  return new Map([...value].map(([key, one]) => [key, deepCopy(one, budget, depth + 1)]));
}

/** `over` on top of `below`: maps are put together, all else is replaced; null takes a key away. */
export function mergeValues(below: Dictionary, over: Dictionary, budget: Budget, depth = 0): Dictionary {
  if (depth > maxValueDepth) throw new BudgetError('a value holds itself');
  const merged = new Map(below);
  for (const [key, value] of over) {
    budget.spend();
    const old = merged.get(key);
    if (value === null) merged.delete(key);
    else if (value instanceof Map && old instanceof Map) merged.set(key, mergeValues(old, value, budget, depth + 1));
    else merged.set(key, value);
  }
  return merged;
}
