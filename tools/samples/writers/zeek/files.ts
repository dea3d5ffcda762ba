import { dayEnd, dayStart } from '../../base/clock.ts';
import { withoutIntrusion, type Evidence } from '../../model/evidence.ts';
import { inOrder, spans, type Line, type LogFile } from '../line.ts';
import { connLine, connLog } from './conn.ts';
import { dnsLine, dnsLog } from './dns.ts';
import { footer, header, stamp, type ZeekSchema } from './format.ts';
import { fileLines, filesLog, httpLine, httpLog } from './http.ts';
import {
  captureLossLines,
  captureLossLog,
  dhcpLine,
  dhcpLog,
  noticeLines,
  noticeLog,
  sshLine,
  sshLog,
  weirdLine,
  weirdLog,
} from './small-logs.ts';
import { sslLine, sslLog, x509Lines, x509Log } from './ssl.ts';

const hourMicros = 3_600_000_000;

/** Zeek's logs: conn.log turned over each hour, the others each day; the small ones are left uncompressed. */
export function zeekFiles(evidence: Evidence): LogFile[] {
  const hours = spans(inOrder(evidence.flows.map(connLine)), dayStart, hourMicros, 24);
  return [
    ...hours.map((lines, hour) => logFile(connLog, lines, dayStart + hour * hourMicros, hourMicros, '.gz')),
    daily(dnsLog, evidence.dns.map(dnsLine), '.gz'),
    daily(httpLog, evidence.http.map(httpLine), '.gz'),
    daily(filesLog, evidence.http.flatMap(fileLines), '.gz'),
    daily(sslLog, evidence.tls.map(sslLine), '.gz'),
    daily(x509Log, x509Lines(evidence.tls), ''),
    daily(sshLog, evidence.ssh.map(sshLine), ''),
    daily(dhcpLog, evidence.dhcp.map(dhcpLine), ''),
    daily(weirdLog, evidence.oddities.map(weirdLine), ''),
    daily(noticeLog, noticeLines(evidence.tls), ''),
    daily(captureLossLog, captureLossLines(withoutIntrusion(evidence).flows), ''),
  ];
}

function daily(log: ZeekSchema, lines: readonly Line[], ending: string): LogFile {
  const [day = []] = spans(inOrder(lines), dayStart, dayEnd - dayStart, 1);
  return logFile(log, day, dayStart, dayEnd - dayStart, ending);
}

function logFile(log: ZeekSchema, lines: readonly Line[], opened: number, spanMicros: number, ending: string): LogFile {
  return {
    path: `zeek/${log.path}-${stamp(opened)}.log${ending}`,
    header: header(log, opened),
    lines,
    footer: footer(opened + spanMicros),
  };
}
