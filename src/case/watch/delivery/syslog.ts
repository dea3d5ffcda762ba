import { createSocket } from 'node:dgram';
import { createConnection, isIP, type Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { connect as connectTls } from 'node:tls';
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

/** Ports where none is given: RFC 5426, RFC 6587 with the port that IANA has for it, RFC 5425. */
const ports: Readonly<Record<string, number>> = { 'udp:': 514, 'tcp:': 601, 'tls:': 6514 };

/**
 * Sends each message by RFC 5424: `udp://host:514` one datagram each, `tcp://host:601` with octet counts (RFC 6587), `tls://host:6514` the same
 * within TLS (RFC 5425), to a server whose certificate is trusted and is for that name.
 */
export function syslogReceiver(target: string, hostName: string): Receiver {
  const url = URL.canParse(target) ? new URL(target) : undefined;
  const usual = ports[url?.protocol ?? ''];
  if (url === undefined || usual === undefined || url.hostname === '') {
    throw new VakthundError('USAGE', `"${target}" is no syslog address`, {
      hint: 'udp://host:514, tcp://host:601 or tls://host:6514',
    });
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || usual;
  const send = async (line: string, signal: AbortSignal): Promise<void> => {
    if (url.protocol === 'udp:') await sendDatagram(line, host, port);
    else if (url.protocol === 'tcp:') await sendCounted(line, createConnection({ host, port, signal }), 'connect');
    else await sendCounted(line, addAbortSignal(signal, connectTls({ host, port, ...nameOf(host) })), 'secureConnect');
  };
  return {
    id: target,
    async send(messages, signal) {
      for (const json of messages) {
        await send(syslogLine(JSON.parse(json) as Message, hostName), signal);
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

/** For the choice of a certificate; an address is no name. */
function nameOf(host: string): { servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}

async function sendCounted(line: string, socket: Socket, ready: 'connect' | 'secureConnect'): Promise<void> {
  await new Promise<void>((done, fail) => {
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('no answer in time')));
    socket.once('error', fail);
    socket.once(ready, () => socket.end(`${Buffer.byteLength(line)} ${line}`));
    socket.once('close', (hadError) => (hadError ? undefined : done()));
    socket.resume();
  });
}
