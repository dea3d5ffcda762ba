import { decodeUtf8 } from '../../../../../base/bytes.ts';
import { debianEcosystem } from '../../debian-releases.ts';
import { badRecord, defineAdvisoryFormat } from '../../format.ts';
import type { OsvAffected, OsvRecord } from '../../osv.ts';

export const format = defineAdvisoryFormat({
  id: 'debian-lists',
  title: 'Debian security advisories (DSA, DLA)',
  description:
    'The lists of the security tracker: a line for the advisory with its day, one with the CVEs, one for each release with the fixed version.',
  references: ['https://security-team.debian.org/security_tracker.html'],
  detect: (_path, head) => (/^\[\d{1,2} \w{3} \d{4}\] D[SL]A-\d+/m.test(head) ? 3 : 0),
  *read(file) {
    let open: Draft | undefined;
    let number = 0;
    for (const line of decodeUtf8(file.bytes).split('\n')) {
      number++;
      const head = /^\[(?<date>[^\]]+)\]\s+(?<id>D[SLT]A-\d+(?:-\d+)?)\s+(?<title>.*)$/.exec(line)?.groups;
      if (head !== undefined) {
        if (open !== undefined) yield { kind: 'advisory', record: recordOf(open) };
        open = { id: head['id'] ?? '', title: head['title'] ?? '', date: head['date'] ?? '', cves: [], affected: [] };
        continue;
      }
      const isOwn = /^\s+\S/.test(line);
      if (open === undefined || !isOwn) {
        if (isOwn) yield badRecord(file.path, 'a line belongs to no advisory', number);
        continue;
      }
      const cves = /^\s+\{(?<ids>[^}]*)\}/.exec(line)?.groups?.['ids'];
      if (cves !== undefined) open.cves.push(...cves.split(/\s+/).filter((id) => id.startsWith('CVE-')));
      else open.affected.push(...affectedOf(line));
    }
    if (open !== undefined) yield { kind: 'advisory', record: recordOf(open) };
  },
});

interface Draft {
  readonly id: string;
  readonly title: string;
  readonly date: string;
  readonly cves: string[];
  readonly affected: OsvAffected[];
}

/** `[bullseye] - xen 4.14.5-1`, `[wheezy] - pkg <not-affected>`; notes and other lines give nothing. */
function affectedOf(line: string): OsvAffected[] {
  const groups = /^\s+\[(?<release>\w+)\]\s+-\s+(?<name>\S+)\s+(?<version>\S+)/.exec(line)?.groups;
  const ecosystem = debianEcosystem(groups?.['release'] ?? '');
  const { name, version } = groups ?? {};
  if (ecosystem === undefined || name === undefined || version === undefined) return [];
  const common = { ecosystem, name, versions: [], severity: [] };
  if (version === '<not-affected>') return [{ ...common, ranges: [], state: 'not-affected' }];
  const isFixed = !version.startsWith('<');
  const events = [{ introduced: '0' }, ...(isFixed ? [{ fixed: version }] : [])];
  const state = version === '<end-of-life>' ? 'end-of-life' : 'not-fixed';
  return [{ ...common, ranges: [{ type: 'ECOSYSTEM', events }], ...(isFixed ? {} : { state }) }];
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function recordOf({ id, title, date, cves, affected }: Draft): OsvRecord {
  const groups = /^(?<day>\d{1,2}) (?<month>\w{3}) (?<year>\d{4})$/.exec(date)?.groups;
  const month = months.indexOf(groups?.['month'] ?? '') + 1;
  const day = (text: number | string | undefined): string => String(text).padStart(2, '0');
  return {
    id,
    aliases: [],
    upstream: cves,
    ...(month === 0 ? {} : { published: `${groups?.['year']}-${day(month)}-${day(groups?.['day'])}T00:00:00Z` }),
    summary: title,
    severity: [],
    affected,
  };
}
