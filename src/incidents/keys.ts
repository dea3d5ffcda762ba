import { canonicalIp } from '../base/ip.ts';
import type { Entity } from '../events/entity.ts';

/** One spelling for things that are written in several ways: addresses, letter case, final dots, long and short container ids. */
export function entityKeyOf(entity: Entity): string {
  const value = entity.value.trim();
  switch (entity.kind) {
    case 'host':
    case 'address':
      return machineKey(value);
    case 'domain':
      return `domain:${dropFinalDot(value.toLowerCase())}`;
    case 'container':
      return `container:${/^[0-9a-f]{12,64}$/i.test(value) ? value.slice(0, 12).toLowerCase() : value}`;
    case 'tls-fingerprint':
    case 'file-hash':
    case 'vulnerability':
    case 'device':
      return `${entity.kind}:${value.toLowerCase()}`;
    case 'process':
    case 'executable':
    case 'file':
    case 'image':
    case 'user':
    case 'url':
    case 'user-agent':
    case 'package':
      return `${entity.kind}:${value}`;
  }
}

/** A machine by name or address, whether it was called `host` or `address`. */
export function machineKey(value: string): string {
  const ip = canonicalIp(value);
  return ip === undefined ? `host:${dropFinalDot(value.toLowerCase())}` : `ip:${ip}`;
}

function dropFinalDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

/** Host that a `host/pid/name` process or a `host:path` file stands on; undefined where the value has none. */
export function findHostInside(entity: Entity): string | undefined {
  if (entity.kind === 'process') {
    return /^(?<host>[^/]+)\/\d+\//.exec(entity.value)?.groups?.['host'];
  }
  if (entity.kind !== 'file') return undefined;
  const windows = /^(?<host>[^:/\\]+):[A-Za-z]:\\/.exec(entity.value)?.groups?.['host'];
  if (windows !== undefined) return windows;
  const cut = entity.value.indexOf(':/');
  return cut > 0 && !entity.value.startsWith('/') ? entity.value.slice(0, cut) : undefined;
}

/** The key without what changes between runs of one program (the pid): tells repetitions of one claim. */
export function repeatKeyOf(entity: Entity): string {
  if (entity.kind !== 'process') return entityKeyOf(entity);
  return `process:${entity.value.replace(/\/\d+\//, '/')}`;
}
