import { parse } from 'smol-toml';
import { decodeUtf8 } from '../../../../../base/bytes.ts';
import { messageOf } from '../../../../../base/errors.ts';
import { versionOrders } from '../../../versions/registry.generated.ts';
import { badRecord, defineAdvisoryFormat } from '../../format.ts';
import { isRecord, textOf, textsOf } from '../../json.ts';
import type { OsvRecord } from '../../osv.ts';
import { complementOf, eventsOf, parseRequirement } from '../../requirement.ts';

export const format = defineAdvisoryFormat({
  id: 'rustsec',
  title: 'RustSec',
  description:
    'Advisories of the Rust ecosystem: TOML before a text in Markdown, with the versions that are repaired or never had the fault. Notes on crates that nobody maintains are left out: they are no vulnerabilities.',
  references: ['https://github.com/RustSec/advisory-db#advisory-format'],
  detect: (_path, head) => (/^```toml\s+\[advisory\]|^\[advisory\]/m.test(head) ? 3 : 0),
  *read(file) {
    const text = decodeUtf8(file.bytes);
    const front = /^```toml\n(?<toml>[\s\S]*?)\n```(?<rest>[\s\S]*)$/.exec(text.replaceAll('\r\n', '\n'))?.groups;
    try {
      const record = recordOf(parse(front?.['toml'] ?? text), front?.['rest'] ?? '');
      if (typeof record === 'string') yield badRecord(file.path, record);
      else if (record !== undefined) yield { kind: 'advisory', record };
    } catch (error) {
      yield badRecord(file.path, messageOf(error));
    }
  },
});

/** Undefined for what is no vulnerability; a text that says what is wrong. */
function recordOf(root: unknown, text: string): OsvRecord | string | undefined {
  const advisory = isRecord(root) ? root['advisory'] : undefined;
  if (!isRecord(root) || !isRecord(advisory)) return 'there is no [advisory]';
  const [id, name] = [textOf(advisory['id']), textOf(advisory['package'])];
  if (id === undefined || name === undefined) return 'the advisory has no id or names no package';
  const informational = textOf(advisory['informational']);
  if (informational === 'unmaintained' || informational === 'notice') return undefined;
  const versions = isRecord(root['versions']) ? root['versions'] : {};
  const requirements = [...textsOf(versions['patched']), ...textsOf(versions['unaffected'])];
  const safe = requirements.map((requirement) => parseRequirement(requirement, versionOrders.semver));
  if (safe.includes(undefined)) return `${id} has a requirement that cannot be understood`;
  const ranges = complementOf(
    safe.flatMap((span) => span ?? []),
    versionOrders.semver,
  ).map((span) => ({ type: 'SEMVER', events: eventsOf(span) }));
  const date = dayOf(advisory['date']);
  const withdrawn = dayOf(advisory['withdrawn']);
  const cvss = textOf(advisory['cvss']);
  const title = /^#\s+(?<title>.+)$/m.exec(text)?.groups?.['title'] ?? textOf(advisory['title']);
  return {
    id,
    aliases: textsOf(advisory['aliases']),
    upstream: [],
    ...(date === undefined ? {} : { published: date }),
    ...(withdrawn === undefined ? {} : { withdrawn }),
    ...(title === undefined ? {} : { summary: title }),
    severity: cvss === undefined ? [] : [{ type: cvss.startsWith('CVSS:4') ? 'CVSS_V4' : 'CVSS_V3', score: cvss }],
    affected: [{ ecosystem: 'crates.io', name, ranges, versions: [], severity: [] }],
  };
}

/** A day as text or as a date of TOML. */
function dayOf(value: unknown): string | undefined {
  const text = value instanceof Date ? value.toISOString() : textOf(value);
  const day = /^\d{4}-\d{2}-\d{2}/.exec(text ?? '')?.[0];
  return day === undefined ? undefined : `${day}T00:00:00Z`;
}
