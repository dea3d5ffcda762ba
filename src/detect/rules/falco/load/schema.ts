import type { YamlMap, YamlNode } from '../../../../base/yaml-tree.ts';

type Check = (node: YamlNode) => string | undefined;

const isScalar: Check = (node) => (node.kind === 'scalar' ? undefined : 'is no plain value');
const isBoolean: Check = (node) =>
  node.kind === 'scalar' && /^(?:true|false)$/i.test(node.source) ? undefined : 'is neither true nor false';
const isWhole: Check = (node) =>
  node.kind === 'scalar' && /^[+-]?\d+$/.test(node.source) ? undefined : 'is no whole number';
const isAny: Check = () => undefined;
const isOperation: Check = (node) =>
  node.kind === 'scalar' && /^(?:append|replace)$/.test(node.source) ? undefined : 'is neither append nor replace';
const isPriority: Check = (node) =>
  node.kind === 'scalar' &&
  /^(?:EMERGENCY|ALERT|CRITICAL|ERROR|WARNING|NOTICE|INFO|INFORMATIONAL|DEBUG)$/i.test(node.source)
    ? undefined
    : 'is no priority';

/** Faults of the entries of a sequence. */
function listOf(check: Check): Check {
  return (node) => {
    if (node.kind !== 'list') return 'is no sequence';
    for (const item of node.items) {
      const fault = check(item);
      if (fault !== undefined) return `has an entry that ${fault}`;
    }
    return undefined;
  };
}

/** A mapping with no other keys than these. */
function mapOf(properties: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  return (node) => {
    if (node.kind !== 'map') return 'is no mapping';
    for (const { key, value } of node.entries.values()) {
      const check = Object.hasOwn(properties, key) ? properties[key] : undefined;
      const fault = check === undefined ? 'is not known here' : check(value);
      if (fault !== undefined) return `has a key '${key}' that ${fault}`;
    }
    const missing = required.find((key) => !node.entries.has(key));
    return missing === undefined ? undefined : `has no key '${missing}'`;
  };
}

const overridable = [
  'items',
  'desc',
  'condition',
  'output',
  'priority',
  'enabled',
  'exceptions',
  'capture',
  'capture_duration',
  'tags',
  'warn_evttypes',
  'skip-if-unknown-filter',
];
const alternative = mapOf({ name: isScalar, version: isScalar }, ['name', 'version']);

const item = mapOf({
  required_engine_version: isScalar,
  required_plugin_versions: listOf(
    mapOf({ name: isScalar, version: isScalar, alternatives: listOf(alternative) }, ['name', 'version']),
  ),
  macro: isScalar,
  condition: isScalar,
  list: isScalar,
  items: listOf(isScalar),
  rule: isScalar,
  desc: isScalar,
  enabled: isBoolean,
  output: isScalar,
  append: isBoolean,
  priority: isPriority,
  capture: isBoolean,
  capture_duration: isWhole,
  source: isScalar,
  exceptions: listOf(mapOf({ name: isScalar, fields: isAny, comps: isAny, values: isAny }, ['name'])),
  override: mapOf(Object.fromEntries(overridable.map((key) => [key, isOperation]))),
  tags: listOf(isScalar),
  warn_evttypes: isBoolean,
  'skip-if-unknown-filter': isBoolean,
});

/** Most faults that are told of a file. */
const maxFaults = 100;

/**
 * What in a document differs from the JSON schema that Falco publishes for rules files. Falco only warns of it; the
 * words are ours.
 */
export function schemaFaults(root: YamlNode): string[] {
  if (root.kind !== 'list') return ['the content is no sequence'];
  const faults: string[] = [];
  for (const [index, node] of root.items.entries()) {
    const fault = faults.length < maxFaults ? item(node) : undefined;
    if (fault !== undefined) faults.push(`item ${index}${node.kind === 'map' ? nameOf(node) : ''} ${fault}`);
  }
  return faults;
}

function nameOf(node: YamlMap): string {
  for (const key of ['rule', 'macro', 'list']) {
    const value = node.entries.get(key)?.value;
    if (value?.kind === 'scalar') return ` (${key} '${value.source}')`;
  }
  return '';
}
