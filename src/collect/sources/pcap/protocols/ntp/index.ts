import { defineAnalyzer, type AnalyzerContext, type ConnectionAnalyzer } from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import { Cursor } from '../../wire/cursor.ts';
import { asciiText, hexText, ipv4Text } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'ntp',
  title: 'NTP',
  description:
    'Time messages of NTP 1 to 4, and that control (`ntp_control`, mode 6) and private messages (`ntp_private`, mode 7) were sent, which amplification ' +
    'attacks use.',
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
const specialLogs: Readonly<Record<number, string>> = { [modeControl]: 'ntp_control', [modePrivate]: 'ntp_private' };

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
    this.#context.emit(logRecord(this.#context, specialLogs[mode] ?? 'ntp', { version, mode, ...facts }));
  }
}

/** The operation of a control message (RFC 9327), or the request code of a private one (42: monlist), under Zeek's names. */
function specialFacts(mode: number, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const cursor = new Cursor(bytes, 1);
  const flags = cursor.u8();
  if (mode === modePrivate) {
    const facts = { sequence: flags & 0x7f, implementation: cursor.u8(), req_code: cursor.u8() };
    const errorAndCount = cursor.u16();
    const isResponse = ((bytes[0] ?? 0) & 0x80) !== 0;
    return { ...facts, auth_bit: (flags & 0x80) !== 0, err: errorAndCount >>> 12, is_response: isResponse };
  }
  return {
    op_code: flags & 31,
    sequence: cursor.u16(),
    status: cursor.u16(),
    association_id: cursor.u16(),
    resp_bit: (flags & 0x80) !== 0,
    err_bit: (flags & 0x40) !== 0,
    more_bit: (flags & 0x20) !== 0,
  };
}

function timeFacts(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const cursor = new Cursor(bytes, 1);
  const stratum = cursor.u8();
  const poll = 2 ** Math.min(cursor.u8(), 32);
  const precision = 2 ** ((cursor.u8() << 24) >> 24);
  const rootDelay = cursor.u32() / 65_536;
  const rootDispersion = cursor.u32() / 65_536;
  const reference = cursor.take(4);
  const times = [0, 1, 2, 3].map(() => seconds(cursor));
  const [refTime, orgTime, recTime, xmtTime] = times;
  return {
    stratum,
    poll,
    precision,
    root_delay: rootDelay,
    root_disp: rootDispersion,
    ref_id: referenceText(stratum, reference),
    ref_time: refTime,
    org_time: orgTime,
    rec_time: recTime,
    xmt_time: xmtTime,
    num_exts: extensions(cursor),
  };
}

/** More than an authenticator behind the times is an extension (RFC 7822). */
const maxAuthenticatorBytes = 24;

function extensions(cursor: Cursor): number {
  let count = 0;
  while (cursor.left > maxAuthenticatorBytes) {
    cursor.skip(2);
    const length = cursor.u16();
    if (length < 16 || length - 4 > cursor.left) break;
    cursor.skip(length - 4);
    count++;
  }
  return count;
}

/** A clock's name for stratum 0 and 1, else the address of the server above. */
function referenceText(stratum: number, reference: Uint8Array): string {
  if (stratum > 1) return ipv4Text(reference);
  if (stratum === 0 && reference.every((byte) => byte === 0)) return nothingText;
  const text = asciiText(reference).replace(/\0+$/, '');
  return /^[\x20-\x7e]*$/.test(text) ? text : hexText(reference);
}

/** Four bytes of nothing, as Zeek writes them. */
const nothingText = '\0\0\0\0';

/** Seconds between 1900 and 1970. */
const epochOffset = 2_208_988_800;

/** A timestamp as epoch seconds; 0 when it is not set. */
function seconds(cursor: Cursor): number {
  const whole = cursor.u32();
  const fraction = cursor.u32() / 2 ** 32;
  return whole === 0 ? 0 : Math.round((whole - epochOffset + fraction) * 1e6) / 1e6;
}
