import { formatIp } from '../../../../base/ip.ts';
import { formatIso } from '../../../../base/time.ts';
import type { Endpoint } from '../../../../collect/tls-proxy/capture/endpoint.ts';
import type { ConnectionRecord } from '../../../../collect/tls-proxy/connection-record.ts';
import { formatCount } from '../../../../outputs/words.ts';
import { visibleJson, visibleText } from '../../../../outputs/visible-text.ts';
import type { Terminal } from '../../../terminal.ts';

/** A connection that is over as one line: for people, or with `--json` as an object. */
export function lineOf(record: ConnectionRecord, terminal: Pick<Terminal, 'json'>): string {
  return terminal.json ? jsonOf(record) : textOf(record);
}

function textOf(record: ConnectionRecord): string {
  const { time, client, server, name, outcome, tls, fault, reason, clientBytes, serverBytes } = record;
  const ends = `${endText(client)} -> ${server === undefined ? '?' : endText(server)}`;
  const notes = [
    tls === undefined ? undefined : [tls.version, tls.protocol].filter(Boolean).join(' '),
    clientBytes + serverBytes > 0 ? `${formatCount(clientBytes)} B out, ${formatCount(serverBytes)} B in` : undefined,
    fault === undefined ? undefined : `BAD CERTIFICATE OF THE SERVER: ${fault}`,
    record.askedHost === undefined ? undefined : `asked for as ${record.askedHost}`,
    outcome === 'blocked' || outcome === 'bypassed' ? record.rule : reason,
  ].filter((note) => note !== undefined);
  const what = [formatIso(time).slice(11, 19), outcome.padEnd(14), ends, name ?? '(no name)', ...notes];
  return visibleText(what.join('  '));
}

function jsonOf(record: ConnectionRecord): string {
  const { time, client, server, askedHost, clientBytes, serverBytes, ...rest } = record;
  return visibleJson(
    JSON.stringify({
      time: formatIso(time),
      client: endText(client),
      ...(server === undefined ? {} : { server: endText(server) }),
      ...rest,
      ...(askedHost === undefined ? {} : { asked_host: askedHost }),
      client_bytes: clientBytes,
      server_bytes: serverBytes,
    }),
  );
}

function endText({ ip, port }: Endpoint): string {
  const text = formatIp(ip);
  return text.includes(':') ? `[${text}]:${port}` : `${text}:${port}`;
}
