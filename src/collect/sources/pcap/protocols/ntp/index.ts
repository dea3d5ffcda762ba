import { defineAnalyzer, type AnalyzerContext, type ConnectionAnalyzer } from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import { Cursor } from '../../wire/cursor.ts';
import { asciiText, hexText, ipv4Text } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'ntp',
  title: 'NTP',
  description:
    'Time messages of NTP 1 to 4, and that control (mode 6) and private messages (mode 7) were sent, which amplification attacks use.',
  references: ['RFC 5905', 'RFC 9327'],
  emits: ['log'],
  service: 'ntp',
  transports: ['udp'],
  ports: [123],
  start: () => ({ attach: (context) => new NtpConnection(context) }),
});

/** Messages of one connection that get a record: clients ask every minute for years. */
const maxRecords = 100;
const headerBytes = 48;
const modeControl = 6;
const modePrivate = 7;

class NtpConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  #records = 0;

  constructor(context: AnalyzerContext) {
    this.#context = context;
  }

  data(_isOrig: boolean, bytes: Uint8Array): void {
    const first = bytes[0] ?? 0;
    const version = (first >> 3) & 7;
    const mode = first & 7;
    const isSpecial = mode === modeControl || mode === modePrivate;
    if (version === 0 || version > 4 || mode === 0 || (!isSpecial && bytes.length < headerBytes)) {
      this.#context.violation('no NTP message');
      return;
    }
    this.#context.confirm();
    if (this.#records++ >= maxRecords) return;
    const facts = isSpecial ? specialFacts(mode, bytes) : timeFacts(bytes);
    this.#context.emit(logRecord(this.#context, 'ntp', { version, mode, ...facts }));
  }
}

/** The operation of a control message, or the request code of a private one (42: monlist). */
function specialFacts(mode: number, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const code = mode === modeControl ? (bytes[1] ?? 0) & 31 : (bytes[3] ?? 0);
  return {
    [mode === modeControl ? 'op_code' : 'req_code']: code,
    is_response: ((bytes[mode === modeControl ? 1 : 0] ?? 0) & 0x80) !== 0,
  };
}

function timeFacts(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const cursor = new Cursor(bytes, 1);
  const stratum = cursor.u8();
  const poll = 2 ** Math.min(cursor.u8(), 32);
  cursor.skip(1);
  const rootDelay = cursor.u32() / 65_536;
  const rootDispersion = cursor.u32() / 65_536;
  const reference = cursor.take(4);
  const times = [0, 1, 2, 3].map(() => seconds(cursor));
  const [refTime, orgTime, recTime, xmtTime] = times;
  return {
    stratum,
    poll,
    root_delay: rootDelay,
    root_disp: rootDispersion,
    ref_id: referenceText(stratum, reference),
    ref_time: refTime,
    org_time: orgTime,
    rec_time: recTime,
    xmt_time: xmtTime,
  };
}

/** A clock's name for stratum 0 and 1, else the address of the server above. */
function referenceText(stratum: number, reference: Uint8Array): string {
  if (stratum > 1) return ipv4Text(reference);
  const text = asciiText(reference).replace(/\0+$/, '');
  return /^[\x20-\x7e]*$/.test(text) ? text : hexText(reference);
}

/** Seconds between 1900 and 1970. */
const epochOffset = 2_208_988_800;

/** A timestamp as epoch seconds; 0 when it is not set. */
function seconds(cursor: Cursor): number {
  const whole = cursor.u32();
  const fraction = cursor.u32() / 2 ** 32;
  return whole === 0 ? 0 : Math.round((whole - epochOffset + fraction) * 1e6) / 1e6;
}
