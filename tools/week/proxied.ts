import { isInside, workstations } from '../samples/world/hosts.ts';
import { communityId } from '../samples/base/community-id.ts';
import type { Evidence } from '../samples/model/evidence.ts';
import type { Flow, HttpExchange, TlsHandshake } from '../samples/model/network.ts';
import { withFlows } from './shift.ts';

/** The proxy that desks reach the web through. */
const proxy = { ip: '10.20.30.25', port: 3128 } as const;
const desks: ReadonlySet<string> = new Set(workstations.map(({ ip }) => ip));

/**
 * What a sensor between the desks and their proxy sees: the web is one address, and each TLS connection begins with a CONNECT. Desks do not ask for the names of
 * the web themselves.
 */
export function throughProxy(week: Evidence): Evidence {
  const tlsFlows = new Set(week.tls.map(({ flow }) => flow));
  const webFlows = new Set([...tlsFlows, ...week.http.map(({ flow }) => flow)].filter(isWeb));
  const names = new Set([
    ...week.tls.flatMap(({ flow, serverName }) => (webFlows.has(flow) ? [serverName] : [])),
    ...week.http.flatMap(({ flow, host }) => (webFlows.has(flow) ? [host] : [])),
  ]);
  const asked = week.tls.filter(({ flow }) => webFlows.has(flow)).map(connectOf);
  const seen = withFlows(
    {
      ...week,
      dns: week.dns.filter(({ flow, name }) => !(desks.has(flow.client.ip) && names.has(name))),
      http: [...week.http.map((exchange) => (webFlows.has(exchange.flow) ? inFull(exchange) : exchange)), ...asked],
    },
    (flow) => (webFlows.has(flow) ? toProxy(flow, tlsFlows.has(flow)) : flow),
  );
  const resolved = new Set(week.dns.map(({ flow }) => flow.uid));
  const stillAsked = new Set(seen.dns.map(({ flow }) => flow.uid));
  return { ...seen, flows: seen.flows.filter(({ uid }) => !resolved.has(uid) || stillAsked.has(uid)) };
}

function isWeb({ client, server, transport }: Flow): boolean {
  return desks.has(client.ip) && !isInside(server.ip) && transport === 'tcp';
}

function toProxy(flow: Flow, isTunnel: boolean): Flow {
  const { client, transport, services } = flow;
  return {
    ...flow,
    server: proxy,
    communityId: communityId(transport, client.ip, client.port, proxy.ip, proxy.port),
    services: isTunnel ? ['http', ...services] : services,
  };
}

/** A request to a proxy names the whole URL. */
function inFull(exchange: HttpExchange): HttpExchange {
  return { ...exchange, target: `http://${exchange.host}${exchange.target}` };
}

function connectOf({ flow, serverName }: TlsHandshake): HttpExchange {
  const place = `${serverName ?? flow.server.ip}:${flow.server.port}`;
  return {
    flow,
    time: flow.start + 900,
    answeredAt: flow.start + 32_000,
    depth: 1,
    method: 'CONNECT',
    host: place,
    target: place,
    referrer: undefined,
    userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
    requestBytes: 0,
    requestMime: undefined,
    status: 200,
    statusText: 'Connection established',
    responseBytes: 0,
    contentType: undefined,
    mime: undefined,
    fileName: undefined,
  };
}
