import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { ConnectionLog } from '../../log-record.ts';
import { asciiText, wireText } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'syslog',
  title: 'Syslog',
  description: 'Messages of syslog over UDP with facility and severity, as they were sent.',
  references: ['RFC 3164', 'RFC 5424', 'RFC 5426'],
  emits: ['log'],
  service: 'syslog',
  transports: ['udp'],
  ports: [514],
  recognize: ({ orig, respPort }: FirstBytes): Recognition =>
    respPort === 514 && priorityOf(orig) !== undefined ? 'match' : 'no',
  start: () => ({ attach: (context) => new SyslogConnection(context) }),
});

/** Messages of one flow that have a record. */
const maxRecords = 10_000;
const maxMessageBytes = 4096;

/** In Zeek's words, which are those of RFC 5424, 6.2.1. */
const facilities: readonly string[] = [
  'KERN',
  'USER',
  'MAIL',
  'DAEMON',
  'AUTH',
  'SYSLOG',
  'LPR',
  'NEWS',
  'UUCP',
  'CRON',
  'AUTHPRIV',
  'FTP',
  'NTP',
  'AUDIT',
  'ALERT',
  'CLOCK',
  'LOCAL0',
  'LOCAL1',
  'LOCAL2',
  'LOCAL3',
  'LOCAL4',
  'LOCAL5',
  'LOCAL6',
  'LOCAL7',
];
const severities: readonly string[] = ['EMERG', 'ALERT', 'CRIT', 'ERR', 'WARNING', 'NOTICE', 'INFO', 'DEBUG'];

class SyslogConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #log: ConnectionLog;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#log = new ConnectionLog(context, maxRecords);
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (!isOrig) return;
    const priority = priorityOf(bytes);
    if (priority === undefined) {
      this.#context.violation('no syslog message');
      return;
    }
    this.#context.confirm();
    const message = wireText(bytes.subarray(priority.end, priority.end + maxMessageBytes)).replace(/[\r\n\0]+$/, '');
    const { facility, severity } = priority;
    this.#log.add('syslog', { facility, severity, message }, (event) => {
      event.message = message;
    });
  }
}

/** What stands in angle brackets before the message. */
function priorityOf(bytes: Uint8Array): { facility: string; severity: string; end: number } | undefined {
  const digits = /^<(?<priority>\d{1,3})>/.exec(asciiText(bytes, 0, Math.min(bytes.length, 5)))?.groups?.['priority'];
  const facility = digits === undefined ? undefined : facilities[Math.floor(Number(digits) / 8)];
  if (digits === undefined || facility === undefined) return undefined;
  return { facility, severity: severities[Number(digits) % 8] ?? '', end: digits.length + 2 };
}
