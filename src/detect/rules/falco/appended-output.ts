import type { YamlNode } from '../../../base/yaml-tree.ts';
import type { AppendedOutput } from './load/outputs.ts';
import { entry, listOf, sourceOf } from './yaml-access.ts';

/** What Falco's container plug-in suggests, in its order; the plug-ins of other sources suggest nothing. */
const suggested = {
  source: 'syscall',
  fields: [
    'container.id',
    'container.name',
    'container.image.repository',
    'container.image.tag',
    'k8s.pod.name',
    'k8s.ns.name',
  ],
};

/** The entries of falco.yaml's `append_output`. */
export function appendedOutputs(node: YamlNode): AppendedOutput[] {
  return listOf(node).flatMap((item) => {
    const match = entry(item, 'match');
    const [source, rule] = [sourceOf(entry(match, 'source')), sourceOf(entry(match, 'rule'))];
    const tags = listOf(entry(match, 'tags')).flatMap((tag) => sourceOf(tag) ?? []);
    const chosen = { ...(rule === undefined ? {} : { rule }), tags };
    const formats = [sourceOf(entry(item, 'extra_output'))].filter((format) => format !== undefined);
    const fields = listOf(entry(item, 'extra_fields')).flatMap(extraFields);
    const own: AppendedOutput = { ...(source === undefined ? {} : { source }), ...chosen, formats, fields };
    const isSuggested = sourceOf(entry(item, 'suggested_output')) === 'true';
    const isForOthers = source !== undefined && source !== suggested.source;
    if (!isSuggested || isForOthers) return [own];
    return [own, { source: suggested.source, ...chosen, formats: [suggestedFormat], fields: [] }];
  });
}

const suggestedFormat = suggested.fields.map((name) => `${name.replaceAll('.', '_')}=%${name}`).join(' ');

/** `evt.hostname`, or `- name: format`. */
function extraFields(node: YamlNode): { readonly name: string; readonly format?: string }[] {
  const name = sourceOf(node);
  if (name !== undefined) return [{ name }];
  if (node.kind !== 'map') return [];
  return [...node.entries.values()].flatMap(({ key, value }) => {
    const format = sourceOf(value);
    return format === undefined ? [] : [{ name: key, format }];
  });
}
