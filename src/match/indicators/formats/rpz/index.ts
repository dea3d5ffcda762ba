import { quote } from '../../../../base/problem.ts';
import { defineIndicatorFormat } from '../../format.ts';
import { EntryBatch } from '../../reading/entries.ts';
import { readTextLines } from '../../reading/text-lines.ts';
import { addressOfTrigger } from './trigger.ts';

/** Owner, optional TTL and class, then the record: a CNAME or address is the policy for the owner. */
const record =
  /^(?<owner>\S+)\s+(?:\d+[smhdw]?\s+)?(?:IN\s+)?(?:\d+[smhdw]?\s+)?(?<type>CNAME|A|AAAA|SOA|NS|TXT)\s+(?<data>\S+)/i;

export const format = defineIndicatorFormat({
  id: 'rpz',
  title: 'DNS response policy zone',
  description:
    'Names and addresses (rpz-ip) that a response policy zone blocks or rewrites. Pass-through records, and triggers on clients and name servers, are not listed.',
  references: ['https://datatracker.ietf.org/doc/html/draft-vixie-dnsop-dns-rpz-00'],
  detect(name, head) {
    const policies = head.match(/^\S+\s+(?:\S+\s+){0,2}CNAME\s+(?:\.|\*\.|rpz-\S+)\s*(?:;.*)?$/gim)?.length ?? 0;
    if (policies === 0) return 0;
    return /^\$TTL|\sSOA\s/im.test(head) || name.toLowerCase().includes('rpz') || policies > 1 ? 3 : 0;
  },
  async *parse(content) {
    let origin = '';
    for await (const { lines, firstLine, problems } of readTextLines(content)) {
      const batch = new EntryBatch(problems);
      for (const [index, line] of lines.entries()) {
        origin = /^\$ORIGIN\s+(?<name>\S+)/i.exec(line)?.groups?.['name']?.toLowerCase() ?? origin;
        addRecord(batch, line, firstLine + index, origin);
      }
      yield batch;
    }
  },
});

function addRecord(batch: EntryBatch, line: string, number: number, origin: string): void {
  const groups = record.exec(line)?.groups;
  const type = groups?.['type']?.toUpperCase();
  if (groups === undefined || type === 'SOA' || type === 'NS' || type === 'TXT') return;
  if (/^rpz-passthru\.?$/i.test(groups['data'] ?? '')) return;
  const owner = relative((groups['owner'] ?? '').toLowerCase(), origin);
  const at = { line: number };
  if (/\.rpz-(?:client-ip|nsip|nsdname)$/.test(owner)) {
    batch.problem('unsupported', at, `${quote(owner)} is a trigger on clients or name servers; it was left out`);
    return;
  }
  if (!owner.endsWith('.rpz-ip')) {
    batch.add('domain', owner, at);
    return;
  }
  const address = addressOfTrigger(owner.slice(0, -'.rpz-ip'.length));
  if (address === undefined) batch.problem('bad-value', at, `${quote(owner)} is no address trigger; it was left out`);
  else batch.add('address', address, at);
}

/** The owner without the name of the zone. */
function relative(owner: string, origin: string): string {
  if (!owner.endsWith('.')) return owner;
  const zone = origin === '' ? /(?<zone>\.rpz\..*)$/.exec(owner)?.groups?.['zone'] : `.${origin.replace(/\.$/, '')}.`;
  return zone !== undefined && owner.endsWith(zone) ? owner.slice(0, -zone.length) : owner.slice(0, -1);
}
