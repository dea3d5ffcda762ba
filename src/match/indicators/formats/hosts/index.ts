import { canonicalIp } from '../../../../base/ip.ts';
import { quote } from '../../../../base/problem.ts';
import { defineIndicatorFormat } from '../../format.ts';
import { EntryBatch } from '../../reading/entries.ts';
import { contentLines } from '../../reading/peek.ts';
import { readTextLines } from '../../reading/text-lines.ts';

/** Addresses to which block lists send the names that they block. */
const sinkholes = new Set(['0.0.0.0', '127.0.0.1', '127.0.1.1', '::', '::1']);

/** What stands at the head of every hosts file; none of it is listed. */
const ownNames = /^(?:localhost|localhost\.localdomain|local|broadcasthost|0\.0\.0\.0|ip6-.+)$/i;

export const format = defineIndicatorFormat({
  id: 'hosts',
  title: 'Hosts file',
  description:
    'Names that a hosts file sends to 0.0.0.0, 127.0.0.1, :: or ::1, one or several a line. Lines with any other address are left out with a problem.',
  references: ['https://man7.org/linux/man-pages/man5/hosts.5.html'],
  detect(_name, head) {
    const lines = contentLines(head);
    const good = lines.filter((line) => sinkholes.has(line.split(/\s/, 1)[0] ?? '') && /\s\S/.test(line)).length;
    return good > 0 && good * 2 > lines.length ? 3 : 0;
  },
  async *parse(content) {
    for await (const { lines, firstLine, problems } of readTextLines(content)) {
      const batch = new EntryBatch(problems);
      for (const [index, line] of lines.entries()) addLine(batch, line, firstLine + index);
      yield batch;
    }
  },
});

function addLine(batch: EntryBatch, line: string, number: number): void {
  const mark = line.indexOf('#');
  const words = (mark < 0 ? line : line.slice(0, mark)).split(/\s+/).filter((word) => word !== '');
  const [address, ...hosts] = words;
  if (address === undefined) return;
  const at = { line: number };
  if (canonicalIp(address) === undefined || hosts.length === 0) {
    batch.problem('bad-record', at, `${quote(line)} is no line of a hosts file; it was left out`);
    return;
  }
  const listed = hosts.filter((host) => !ownNames.test(host));
  if (!sinkholes.has(address)) {
    if (listed.length > 0) {
      batch.problem('unsupported', at, `${quote(address)} is no sinkhole address; its names are not listed`);
    }
    return;
  }
  for (const host of listed) batch.add('domain', host, at);
}
