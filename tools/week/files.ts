import type { Micros } from '../../src/base/time.ts';
import type { Evidence } from '../samples/model/evidence.ts';
import { inOrder, type Line } from '../samples/writers/line.ts';
import { connLine, connLog } from '../samples/writers/zeek/conn.ts';
import { dnsLine, dnsLog } from '../samples/writers/zeek/dns.ts';
import { header, type ZeekSchema } from '../samples/writers/zeek/format.ts';
import { fileLines, filesLog, httpLine, httpLog } from '../samples/writers/zeek/http.ts';
import {
  dhcpLine,
  dhcpLog,
  noticeLines,
  noticeLog,
  sshLine,
  sshLog,
  weirdLine,
  weirdLog,
} from '../samples/writers/zeek/small-logs.ts';
import { sslLine, sslLog, x509Lines, x509Log } from '../samples/writers/zeek/ssl.ts';
import { microsPerDay } from './calendar.ts';

/** Zeek's logs with their text, by path (`2026-03-09/conn.log`); a log turns over at midnight, when its line is written. */
export function zeekWeek(evidence: Evidence): Map<string, string> {
  const files = new Map<string, string>();
  const write = (log: ZeekSchema, lines: readonly Line[]): void => {
    for (const [day, ofDay] of byDay(lines)) {
      const texts = [...header(log, day), ...ofDay.map(({ text }) => text)];
      files.set(`${new Date(day / 1000).toISOString().slice(0, 10)}/${log.path}.log`, `${texts.join('\n')}\n`);
    }
  };
  write(connLog, evidence.flows.map(connLine));
  write(dnsLog, evidence.dns.map(dnsLine));
  write(httpLog, evidence.http.map(httpLine));
  write(filesLog, evidence.http.flatMap(fileLines));
  write(sslLog, evidence.tls.map(sslLine));
  write(x509Log, x509Lines(evidence.tls));
  write(sshLog, evidence.ssh.map(sshLine));
  write(dhcpLog, evidence.dhcp.map(dhcpLine));
  write(weirdLog, evidence.oddities.map(weirdLine));
  write(noticeLog, noticeLines(evidence.tls));
  return files;
}

function byDay(lines: readonly Line[]): Map<Micros, Line[]> {
  const days = new Map<Micros, Line[]>();
  for (const line of inOrder(lines)) {
    const day = Math.floor(line.at / microsPerDay) * microsPerDay;
    const known = days.get(day);
    if (known === undefined) days.set(day, [line]);
    else known.push(line);
  }
  return days;
}
