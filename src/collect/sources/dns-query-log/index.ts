import { messageKinds } from '../../linux/messages/interpret.ts';
import { defineSource, type Detection } from '../../source.ts';
import { decodeTextLines } from '../../text-lines.ts';
import { dnsLogDecoder } from './decode.ts';
import { readLine } from './line.ts';

export const source = defineSource({
  id: 'dns-query-log',
  title: 'Query logs of name servers',
  description:
    'What dnsmasq (`log-queries`, also `extra`), BIND (the `queries` category) and Unbound (`log-queries`, `log-replies`) write ' +
    'to files of their own: each question is a DNS event with who asked, and so is each answer where it is logged. Other lines ' +
    'of the server are log records. The same lines inside syslog are read by `syslog`.',
  references: [
    'https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html',
    'https://bind9.readthedocs.io/en/latest/reference.html#namedconf-statement-logging',
    'https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html',
  ],
  guide: ['B12', 'B24'],
  emits: messageKinds,
  detect,
  decode: (content, context) =>
    decodeTextLines(content, context, (state) => dnsLogDecoder(context.name, context.modified, state)),
});

const maxLines = 200;

/** Lines of one of the servers, and a question among them: a server that has just started says other things first. */
function detect(_name: string, head: Uint8Array): Detection {
  const text = Buffer.from(head.subarray(0, 32_768)).toString('latin1');
  const lines = text.split('\n', maxLines).filter((line) => line.trim() !== '');
  const read = lines.map((line) => readLine(line)).filter((line) => line !== undefined);
  const hasQuestion = read.some((line) => line.isQuestion);
  return hasQuestion && read.length >= (lines.length - 1) * 0.7 ? 'certain' : undefined;
}
