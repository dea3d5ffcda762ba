import { firewallKinds } from '../../cisco/interpret.ts';
import { isOfFirewall } from '../../cisco/message.ts';
import { messageKinds } from '../../linux/messages/interpret.ts';
import { defineSource, type Detection } from '../../source.ts';
import { decodeTextLines } from '../../text-lines.ts';
import { windowsKinds } from '../../windows/kinds.ts';
import { syslogDecoder } from './decode.ts';
import { readHead } from './line.ts';

export const source = defineSource({
  id: 'syslog',
  title: 'System logs (syslog)',
  description:
    'Lines of syslog in the forms of RFC 3164 and RFC 5424 and as rsyslog writes them with full times: auth.log, secure, ' +
    'messages, cron, kern.log and their like. Log-ins over SSH, PAM, sudo, su, changes of accounts, commands of cron and ' +
    'questions to name servers are read, requests and connections of HAProxy, and of firewalls of Cisco (ASA, FTD, PIX) connections, ' +
    'refusals, log-ins and alerts; events of Sysmon for Linux become what they are; every other line is a log record. ' +
    'Times without a zone are taken as UTC, those without a year as of the last twelve months before the file was changed.',
  references: ['https://www.rfc-editor.org/rfc/rfc3164', 'https://www.rfc-editor.org/rfc/rfc5424'],
  guide: ['B03', 'B05', 'B10'],
  emits: [...new Set([...messageKinds, ...windowsKinds, ...firewallKinds])],
  detect,
  decode: (content, context) =>
    decodeTextLines(content, context, (state) => syslogDecoder(context.name, context.modified, state)),
});

/** Lines that are looked at, and bytes of each. */
const maxLines = 30;
const maxLineLength = 400;
/** Records of the audit system inside syslog are put together by another source. */
const auditRecord = /(?:audit|kernel)\S{0,40}: .{0,60}type=[A-Z0-9_]{2,40} (?:msg=)?audit\(\d{1,12}\.\d/;

/** Most lines must have a time, a host and the name of a program, or be of a firewall, which writes its mark instead. */
function detect(_name: string, head: Uint8Array): Detection {
  const text = Buffer.from(head.subarray(0, maxLines * maxLineLength)).toString('latin1');
  const lines = text.split('\n', maxLines).filter((line) => line.trim() !== '');
  const read = lines.map((line) => readHead(line.slice(0, maxLineLength))).filter((parts) => parts !== undefined);
  const fitting = read.filter(
    ({ program, host, text: said }) =>
      (program !== null && host !== 'stdout' && host !== 'stderr') || isOfFirewall(said),
  );
  if (fitting.length === 0 || fitting.length < lines.length * 0.7) return undefined;
  // The log of one program has no host: there may be a source for it.
  const isOfOne = fitting.every(({ host, program }) => host === null && program !== null);
  return isOfOne || auditRecord.test(text) ? 'likely' : 'certain';
}
