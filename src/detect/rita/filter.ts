import { parseCidr, type IpRange } from '../../base/ip.ts';
import type { Macros } from '../../store/macros.ts';

/** RITA v5, config/filter.go: which records are kept. */
export interface RitaFilter {
  readonly alwaysIncluded: readonly IpRange[];
  readonly neverIncluded: readonly IpRange[];
  readonly dropsExternalToInternal: boolean;
}

/** Loopback, link-local, multicast and broadcast, which RITA never keeps. */
const wiredNeverIncluded = [
  '0.0.0.0/32',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '::1/128',
  '::/128',
  'fe80::/10',
  'ff00::/8',
];

/** Networks as CIDR text; what is none is left out. */
export function createFilter(options: {
  readonly alwaysIncluded?: readonly string[];
  readonly neverIncluded?: readonly string[];
  readonly dropsExternalToInternal?: boolean;
}): RitaFilter {
  return {
    alwaysIncluded: rangesOf(options.alwaysIncluded ?? []),
    neverIncluded: rangesOf([...wiredNeverIncluded, ...(options.neverIncluded ?? [])]),
    dropsExternalToInternal: options.dropsExternalToInternal ?? true,
  };
}

function rangesOf(cidrs: readonly string[]): IpRange[] {
  return cidrs.map(parseCidr).filter((range) => range !== undefined);
}

/** Columns that the conditions below stand on, for the two ends of a record; `far` names what counts as the other end. */
export function endColumns(macros: Macros, filter: RitaFilter, far = 'destination_ip'): string {
  const flags = (name: string, ip: string): string =>
    `${macros.isLocal(ip)} AS ${name}_local, ${macros.isWithin(ip, filter.neverIncluded)} AS ${name}_never,
      ${macros.isWithin(ip, filter.alwaysIncluded)} AS ${name}_always`;
  return `${flags('src', 'source_ip')}, ${flags('dst', far)}`;
}

const bothOutside = '(NOT src_local AND NOT dst_local)';
const bothInside = '(src_local AND dst_local)';
const inbound = '(NOT src_local AND dst_local)';

/** Each condition is SQL over `endColumns` that is true for a record to drop. */
export interface FilterSql {
  /** For connections, and for names on them. */
  readonly pair: string;
  /** For connections that a proxied request may still need: internal pairs stay. */
  readonly link: string;
  /** For DNS: a resolver inside is looked at. */
  readonly dns: string;
  /** For the client of a proxy. */
  readonly client: string;
}

export function filterSql(filter: RitaFilter): FilterSql {
  const unless = (dropped: readonly string[]): string =>
    `(NOT (src_always OR dst_always) AND (src_never OR dst_never OR ${dropped.join(' OR ')}))`;
  const external = filter.dropsExternalToInternal ? [inbound] : [];
  return {
    pair: unless([bothOutside, bothInside, ...external]),
    link: unless([bothOutside]),
    dns: unless([bothOutside, ...external]),
    client: '(src_never AND NOT src_always)',
  };
}
