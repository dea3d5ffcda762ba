import { createSocket } from 'node:dgram';
import { createConnection } from 'node:net';
import { VakthundError } from '../../../base/errors.ts';
import { formatIso } from '../../../base/time.ts';
import type { Severity } from '../../../events/finding.ts';
import type { Receiver } from './deliver.ts';
import type { Message } from './message.ts';

/** Facility 13, log audit, of RFC 5424 6.2.1. */
const facility = 13;
const levels: Readonly<Record<Severity, number>> = { critical: 2, high: 3, medium: 4, low: 5, info: 6 };
const timeoutMs = 10_000;
/** Most receivers take no more in one datagram. */
const maxDatagramBytes = 8192;

/** Sends each message by RFC 5424: `udp://host:514` one datagram each, `tcp://host:601` with octet counts (RFC 6587). */
export function syslogReceiver(target: string, hostName: string): Receiver {
  const url = URL.canParse(target) ? new URL(target) : undefined;
  if (url === undefined || !['udp:', 'tcp:'].includes(url.protocol) || url.hostname === '') {
    throw new VakthundError('USAGE', `"${target}" is no syslog address`, { hint: 'udp://host:514 or tcp://host:601' });
  }
  const isUdp = url.protocol === 'udp:';
  const port = Number(url.port) || (isUdp ? 514 : 601);
  return {
    id: target,
    async send(messages, signal) {
      for (const json of messages) {
        const line = syslogLine(JSON.parse(json) as Message, hostName);
        await (isUdp ? sendDatagram(line, url.hostname, port) : sendCounted(line, url.hostname, port, signal));
      }
    },
  };
}

/** Controls and line ends of evidence would end the record or forge another. */
export function syslogLine(message: Message, hostName: string): string {
  const priority = facility * 8 + levels[message.severity];
  const host = hostName.replaceAll(/[^!-~]/g, '') || '-';
  const text = message.text.replaceAll(/\p{Cc}/gu, ' ');
  return `<${priority}>1 ${formatIso(message.time)} ${host} vakthund - ${message.type} - ${text}`;
}

async function sendDatagram(line: string, host: string, port: number): Promise<void> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((done, fail) => {
      const bytes = Buffer.from(line).subarray(0, maxDatagramBytes);
      socket.send(bytes, port, host, (error) => (error === null ? done() : fail(error)));
    });
  } finally {
    socket.close();
  }
}

async function sendCounted(line: string, host: string, port: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((done, fail) => {
    const socket = createConnection({ host, port, signal });
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('no answer in time')));
    socket.once('error', fail);
    socket.once('connect', () => socket.end(`${Buffer.byteLength(line)} ${line}`));
    socket.once('close', (hadError) => (hadError ? undefined : done()));
    socket.resume();
  });
}
