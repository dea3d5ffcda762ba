import type { Cursor } from '../cursor.ts';
import type { Place } from '../place.ts';
import type { PublishedPort } from '../workload.ts';

/** Published ports of an inspected container: as they are bound, or as they are to be when it does not run. */
export function portsOf(container: Cursor): PublishedPort[] {
  const ports = container.get('NetworkSettings', 'Ports');
  const bound = bindingsIn(ports);
  // What runs is bound as it is: on an internal network the engine binds nothing, whatever was asked for.
  const isRunning = container.get('State', 'Status').text() === 'running' && ports.isThere;
  return bound.length > 0 || isRunning ? bound : bindingsIn(container.get('HostConfig', 'PortBindings'));
}

function bindingsIn(ports: Cursor): PublishedPort[] {
  return ports.entries().flatMap(([key, bindings]) => {
    const [port = '', protocol = 'tcp'] = key.split('/');
    return bindings.items().map((binding) => ({
      hostAddress: everywhere(binding.get('HostIp').text() ?? ''),
      hostPort: binding.get('HostPort').number() ?? 0,
      port: Number(port) || 0,
      protocol,
      at: binding.place,
    }));
  });
}

/** The engine's words for every address become the empty text. */
export function everywhere(address: string): string {
  return address === '0.0.0.0' || address === '::' || address === '[::]' || address === '*' ? '' : address;
}

/** More ports than that in one range are a mistake or an attack on the reader. */
const maxRange = 1024;

/**
 * The short form of Compose and of `-p`: `[ADDRESS:][HOST:]PORT[/PROTOCOL]`, each port may be a range. An address of IPv6 stands in
 * brackets. Of a variable its default counts; a port that only a variable names is one that is not known. Nothing for what is not
 * understood, and for an address that only a variable names.
 */
export function portsOfShortForm(written: string, at: Place): PublishedPort[] {
  const text = withDefaults(written);
  const form =
    /^(?:(?:\[(?<v6>[^\]]*)\]|(?<address>[^:[\]]*)):)?(?:(?<host>[\d-]*):)?(?<port>[\d-]+)(?:\/(?<protocol>\w+))?$/;
  const groups = (/^[\d-]*:[\d-]+(?:\/\w+)?$/.test(text) ? form.exec(`:${text}`) : form.exec(text))?.groups;
  const inside = rangeOf(groups?.['port'] ?? '');
  const outside = rangeOf(groups?.['host'] ?? '');
  const hostAddress = everywhere(groups?.['v6'] ?? groups?.['address'] ?? '');
  return inside.map((port, index) => ({
    hostAddress,
    hostPort: outside[index] ?? outside[0] ?? 0,
    port,
    protocol: groups?.['protocol'] ?? 'tcp',
    at,
  }));
}

/** `${PORT:-8080}:80` → `8080:80`; `${PORT}:80` → `:80`; what stands where an address stands is left as it is. */
function withDefaults(text: string): string {
  const known = text.replace(/\$\{\w+:?-([^{}]*)\}/g, '$1');
  return known.replace(/^\$(?:\{\w+\}|\w+)(?=:[\d-]+(?:\/\w+)?$)/, '');
}

function rangeOf(text: string): number[] {
  const [from, to = from] = text.split('-').map(Number);
  if (from === undefined || to === undefined || !(from > 0 && to >= from && to < 65_536)) return [];
  return Array.from({ length: Math.min(to - from + 1, maxRange) }, (_none, index) => from + index);
}
