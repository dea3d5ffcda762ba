/** How a connection of the web carries another one. */
export type Carrier = 'websocket' | 'connect';

/**
 * Weight of a protocol inside: remote control and file access have no reason to hide in a page's connection. Data bases and screens are
 * carried so by some honest consoles. What is missing here belongs into a WebSocket (MQTT, XMPP, SIP, STOMP), or is told by others (Stratum).
 */
const insideWebsocket: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ssh: 0.5,
    socks: 0.5,
    smb: 0.5,
    dce_rpc: 0.5,
    rdp: 0.5,
    telnet: 0.45,
    ftp: 0.4,
    dns: 0.4,
    openvpn: 0.5,
    ssl: 0.35,
    rfb: 0.2,
    mysql: 0.2,
    postgresql: 0.2,
  }),
);

/** A proxy's CONNECT is meant for TLS; SSH through it is how administrators get out as well. */
const insideConnect: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ssh: 0.3,
    socks: 0.4,
    smb: 0.4,
    rdp: 0.35,
    telnet: 0.35,
    ftp: 0.3,
  }),
);

/** The protocols of a flow that have no place in the carrier, the heaviest first. */
export function strangersIn(
  services: string,
  carrier: Carrier,
): readonly { readonly name: string; readonly weight: number }[] {
  const weights = carrier === 'websocket' ? insideWebsocket : insideConnect;
  return services
    .split(',')
    .map((name) => ({ name, weight: weights.get(name) ?? 0 }))
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight || one.name.localeCompare(other.name));
}
