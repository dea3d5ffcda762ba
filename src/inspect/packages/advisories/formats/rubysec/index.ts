import { decodeUtf8 } from '../../../../../base/bytes.ts';
import type { YamlNode } from '../../../../../base/yaml-tree.ts';
import { versionOrders } from '../../../versions/registry.generated.ts';
import { badRecord, defineAdvisoryFormat } from '../../format.ts';
import type { OsvRecord } from '../../osv.ts';
import { complementOf, eventsOf, parseRequirement } from '../../requirement.ts';
import { yamlChild, yamlRoot, yamlText, yamlTexts } from '../../yaml.ts';

export const format = defineAdvisoryFormat({
  id: 'rubysec',
  title: 'Ruby Advisory Database',
  description:
    'Advisories of gems: YAML with the versions that are repaired or never had the fault. Those of interpreters are left out.',
  references: ['https://github.com/rubysec/ruby-advisory-db#schema'],
  detect: (_path, head) =>
    /^(?:gem|engine):\s*\S/m.test(head) && /^(?:cve|ghsa|osvdb|title|date|url):/m.test(head) ? 3 : 0,
  *read(file) {
    const root = yamlRoot(decodeUtf8(file.bytes));
    // Interpreters are no packages of an ecosystem.
    if (typeof root !== 'string' && yamlChild(root, 'engine') !== undefined) return;
    const record = typeof root === 'string' ? root : recordOf(root, file.path);
    if (typeof record === 'string') yield badRecord(file.path, record);
    else yield { kind: 'advisory', record };
  },
});

function recordOf(root: YamlNode, path: string): OsvRecord | string {
  const part = (key: string): string | undefined => yamlText(yamlChild(root, key));
  const [name, cve, ghsa, osvdb] = [part('gem'), part('cve'), part('ghsa'), part('osvdb')];
  const ids = [
    ...(cve === undefined ? [] : [`CVE-${cve}`]),
    ...(ghsa === undefined ? [] : [`GHSA-${ghsa}`]),
    ...(osvdb === undefined ? [] : [`OSVDB-${osvdb}`]),
  ];
  const file = /(?<stem>[^/\\!]+)\.ya?ml$/.exec(path)?.groups?.['stem'];
  const [id, ...aliases] = ids.length === 0 && file !== undefined ? [file] : ids;
  if (name === undefined || id === undefined) return 'the advisory names no gem or has no id';
  const texts = [
    ...yamlTexts(yamlChild(root, 'patched_versions')),
    ...yamlTexts(yamlChild(root, 'unaffected_versions')),
  ];
  const safe = texts.map((text) => parseRequirement(text, versionOrders.gem));
  if (safe.includes(undefined)) return `${id} has a requirement that cannot be understood`;
  const spans = complementOf(
    safe.flatMap((span) => span ?? []),
    versionOrders.gem,
  );
  const day = /^\d{4}-\d{2}-\d{2}/.exec(part('date') ?? '')?.[0];
  const [title, score] = [part('title'), part('cvss_v3') ?? part('cvss_v2')];
  return {
    id,
    aliases,
    upstream: [],
    ...(day === undefined ? {} : { published: `${day}T00:00:00Z` }),
    ...(title === undefined ? {} : { summary: title }),
    severity: score === undefined ? [] : [{ type: 'CVSS', score }],
    affected: [
      {
        ecosystem: 'RubyGems',
        name,
        ranges: spans.map((span) => ({ type: 'ECOSYSTEM', events: eventsOf(span) })),
        versions: [],
        severity: [],
      },
    ],
  };
}
