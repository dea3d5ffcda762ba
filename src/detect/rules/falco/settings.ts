import { readYaml, type YamlMap, type YamlNode } from '../../../base/yaml-tree.ts';
import { entry, listOf, sourceOf } from './yaml-access.ts';
import { parsePriority, priorities, type Priority } from './load/items.ts';
import { appendedOutputs } from './appended-output.ts';
import type { AppendedOutput } from './load/outputs.ts';

/** Switches rules on or off, by a pattern of their name or by a tag. */
export interface RuleSwitch {
  readonly enable: boolean;
  readonly by: 'rule' | 'tag';
  /** A name, with `*` for any characters where it selects by name. */
  readonly value: string;
}

/** What of falco.yaml and of Falco's `-o` options decides which rules run and what they print. */
export interface FalcoSettings {
  readonly isIsoTime: boolean;
  readonly includesOutput: boolean;
  readonly includesMessage: boolean;
  readonly includesFields: boolean;
  readonly includesTags: boolean;
  /** Rules that are less urgent are not loaded. */
  readonly leastPriority: Priority;
  readonly matching: 'first' | 'all';
  readonly switches: readonly RuleSwitch[];
  readonly appendedOutputs: readonly AppendedOutput[];
  readonly hostname: string;
}

const defaults: FalcoSettings = {
  isIsoTime: false,
  includesOutput: true,
  includesMessage: false,
  includesFields: true,
  includesTags: true,
  leastPriority: 'Debug',
  matching: 'first',
  switches: [],
  appendedOutputs: [],
  hostname: '',
};

/** A setting that cannot be; the message names it. */
export class SettingsError extends Error {}

/** Reads falco.yaml texts and then options `key=value`, each over what stood before. Throws `SettingsError`. */
export function readSettings(configurations: readonly string[], options: readonly string[]): FalcoSettings {
  let settings = defaults;
  for (const text of configurations) {
    for (const document of readYaml(text, { duplicateKeys: 'first' })) {
      if ('fault' in document) throw new SettingsError(`falco.yaml: ${document.fault.message}`);
      if (document.root.kind === 'map') settings = withConfiguration(settings, document.root);
    }
  }
  for (const option of options) {
    const equals = option.indexOf('=');
    const [key, value] = equals < 0 ? [option, ''] : [option.slice(0, equals), option.slice(equals + 1)];
    settings = withOption(settings, key, value);
  }
  return settings;
}

function withOption(settings: FalcoSettings, key: string, value: string): FalcoSettings {
  switch (key) {
    case 'time_format_iso_8601':
      return { ...settings, isIsoTime: isTrue(value) };
    case 'json_include_output_property':
      return { ...settings, includesOutput: isTrue(value) };
    case 'json_include_message_property':
      return { ...settings, includesMessage: isTrue(value) };
    case 'json_include_output_fields_property':
      return { ...settings, includesFields: isTrue(value) };
    case 'json_include_tags_property':
      return { ...settings, includesTags: isTrue(value) };
    case 'priority': {
      const leastPriority = parsePriority(value);
      if (leastPriority === undefined) throw new SettingsError(`Unknown priority "${value}"`);
      return { ...settings, leastPriority };
    }
    case 'rule_matching':
      if (value !== 'first' && value !== 'all') throw new SettingsError(`Unknown rule matching strategy "${value}"`);
      return { ...settings, matching: value };
    case 'hostname':
      return { ...settings, hostname: value };
    case 'disable.rule':
    case 'enable.rule':
    case 'disable.tag':
    case 'enable.tag': {
      const by = key.endsWith('rule') ? 'rule' : 'tag';
      return { ...settings, switches: [...settings.switches, { enable: key.startsWith('enable'), by, value }] };
    }
    default:
      return settings;
  }
}

function isTrue(value: string): boolean {
  return /^(?:true|yes|on|1)$/i.test(value);
}

function withConfiguration(settings: FalcoSettings, root: YamlMap): FalcoSettings {
  let result = settings;
  for (const { key, value } of root.entries.values()) {
    if (key === 'rules') result = { ...result, switches: [...result.switches, ...switchesOf(value)] };
    else if (key === 'append_output') {
      result = { ...result, appendedOutputs: [...result.appendedOutputs, ...appendedOutputs(value)] };
    } else if (key === 'syscall_event_drops') checkDrops(value);
    else if (value.kind === 'scalar') result = withOption(result, key, value.source);
  }
  return result;
}

function switchesOf(node: YamlNode): RuleSwitch[] {
  return listOf(node).flatMap((item) =>
    (['disable', 'enable'] as const).flatMap((action) =>
      (['rule', 'tag'] as const).flatMap((by) => {
        const value = sourceOf(entry(entry(item, action), by));
        return value === undefined ? [] : [{ enable: action === 'enable', by, value }];
      }),
    ),
  );
}

/** What Falco refuses of `syscall_event_drops`. Drops themselves are told by the sources. */
function checkDrops(node: YamlNode): void {
  const threshold = sourceOf(entry(node, 'threshold'));
  if (threshold !== undefined && !(Number(threshold) >= 0 && Number(threshold) <= 1)) {
    throw new SettingsError('syscall event drops threshold must be a double in the range [0, 1]');
  }
  const actions = listOf(entry(node, 'actions')).flatMap((action) => sourceOf(action) ?? []);
  for (const action of actions) {
    if (!['ignore', 'log', 'alert', 'exit'].includes(action)) {
      throw new SettingsError(`available actions for syscall event drops are "ignore", "log", "alert", and "exit"`);
    }
    if (action !== 'ignore' && actions.includes('ignore')) {
      throw new SettingsError(`syscall event drop action "${action}" does not make sense with the "ignore" action`);
    }
  }
}

/** Whether a rule runs: what its file says, and then the switches in their order. */
export function isSelected(
  rule: { readonly name: string; readonly tags: readonly string[]; readonly isEnabled: boolean },
  { switches }: FalcoSettings,
): boolean {
  let isOn = rule.isEnabled;
  for (const { enable, by, value } of switches) {
    const applies = by === 'tag' ? rule.tags.includes(value) : matchesName(rule.name, value);
    if (applies) isOn = enable;
  }
  return isOn;
}

export function isUrgent(priority: Priority, { leastPriority }: FalcoSettings): boolean {
  return priorities.indexOf(priority) <= priorities.indexOf(leastPriority);
}

/** `*` stands for any characters; the parts between must follow one another. */
function matchesName(name: string, pattern: string): boolean {
  const parts = pattern.split('*');
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return name === pattern;
  const last = rest.pop() ?? '';
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}
