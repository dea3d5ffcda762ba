import type { ColumnType } from '../events/kind.ts';

/** A table that is not an event kind. `number128` is an unsigned 128-bit whole number (addresses). */
export interface TableSpec {
  readonly title: string;
  readonly description: string;
  readonly columns: Readonly<Record<string, readonly [ColumnType | 'number128', string]>>;
}

/** Filled by enrichers, rebuilt whenever new evidence came in; `hunt` joins with them. */
export const derivedTables = {
  address: {
    title: 'Addresses',
    description: 'Every address seen in flows, DNS answers, sockets and log-ins.',
    columns: {
      ip: ['ip', 'Address text: the key.'],
      ip_number: ['number128', 'The address as a number; IPv4 stands at ::ffff:0:0/96. Range tests for CIDR.'],
      is_local: ['boolean', 'Inside the local networks of the case.'],
      is_group: ['boolean', 'Multicast or broadcast.'],
      names: [
        'text[]',
        'Names that it had: DHCP host names, and DNS names that resolved to it, most frequent first (at most 8).',
      ],
      mac: ['text', 'Hardware address last seen with it, by DHCP or ARP.'],
      first_seen: ['time', 'First event with it.'],
      last_seen: ['time', 'Last event with it.'],
      peers: ['integer', 'Distinct addresses that it opened flows to or that opened flows to it.'],
      local_peers: ['integer', 'Those of them that are local: its prevalence.'],
      flows: ['integer', 'Flows with it.'],
    },
  },
  domain: {
    title: 'Domains',
    description: 'Every name seen in DNS questions, HTTP hosts and TLS server names.',
    columns: {
      name: ['text', 'Name in lower case: the key.'],
      registered_domain: [
        'text',
        'Registered domain by the public suffix list (ICANN and private parts); null for a bare suffix or an address.',
      ],
      first_seen: ['time', 'First event with it.'],
      last_seen: ['time', 'Last event with it.'],
      clients: ['integer', 'Distinct addresses that asked for or connected to it.'],
      sightings: ['integer', 'Events with it.'],
    },
  },
  prevalence: {
    title: 'Prevalence',
    description:
      'How rare things are over the life of the case: fingerprints, user agents, executables, file hashes, registered domains.',
    columns: {
      kind: [
        'text',
        '`ja3`, `ja3s`, `ja4`, `hassh`, `user-agent`, `executable`, `command`, `file`, `file-hash`, `registered-domain`, `parent-child`.',
      ],
      value: ['text', 'The thing; `parent > child` for process pairs.'],
      first_seen: ['time', 'First event with it.'],
      last_seen: ['time', 'Last event with it.'],
      hosts: ['integer', 'Distinct hosts (addresses or names) that showed it.'],
      sightings: ['integer', 'Events with it.'],
    },
  },
  indicator: {
    title: 'Indicators',
    description: 'Threat-intelligence entries that were loaded into the case.',
    columns: {
      kind: ['text', '`address`, `cidr`, `domain`, `url`, `md5`, `sha1`, `sha256`, `ja3`, `user-agent`, `email`.'],
      value: ['text', 'Normalised value.'],
      list_name: ['text', 'List that it came from.'],
      description: ['text', 'What the list says of it: malware family, campaign.'],
      confidence: ['integer', '0 to 100; null when the list does not tell.'],
      expires_at: ['time', 'When it stops being valid.'],
      first_number: ['number128', 'First address of an address or network as a number, as in `address.ip_number`.'],
      last_number: ['number128', 'Last address of it.'],
      join_key: ['text', 'Registered domain of a domain, host of a URL; null for the other kinds.'],
    },
  },
} as const satisfies Record<string, TableSpec>;
export type DerivedTable = keyof typeof derivedTables;
