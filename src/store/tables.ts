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
  network: {
    title: 'Networks',
    description: 'Whose network each public address is in, as far as the shipped tables know it.',
    columns: {
      ip: ['ip', 'Address text: the key, as in `address.ip`.'],
      asn: ['integer', 'Number of the autonomous system that announces it.'],
      organisation: ['text', 'Name of that system, as it is registered.'],
      country: [
        'text',
        'Country that the range is registered or announced for (ISO 3166-1 code); not where the machine stands.',
      ],
    },
  },
  hardware: {
    title: 'Hardware',
    description: 'Makers of the devices that were seen in ARP and DHCP.',
    columns: {
      mac: ['text', 'Hardware address in lower case: the key.'],
      vendor: ['text', 'Maker, by the listing of the IEEE.'],
    },
  },
  asset: {
    title: 'Assets',
    description: "The organisation's own list of machines, people and networks; empty when the settings name none.",
    columns: {
      kind: ['text', '`host`, `user` or `network`.'],
      name: ['text', 'Name in the list.'],
      owner: ['text', 'Who answers for it.'],
      role: ['text', 'What it is for.'],
      criticality: ['real', 'Worth to the organisation, 0 to 1.'],
      zone: ['text', 'Network zone.'],
    },
  },
  identity: {
    title: 'Identities',
    description: 'Which asset a name, address or account in the evidence is: one identity over all sources.',
    columns: {
      kind: ['text', '`host` or `user`: what `value` is.'],
      value: ['text', 'Name, address, hardware address or account in lower case: the key with `kind`.'],
      name: ['text', '`asset.name`.'],
      asset_kind: ['text', '`asset.kind`.'],
      recognised_by: ['text', '`list`, `mac`, `name`, or `range` (the network that holds it).'],
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
  channel: {
    title: 'Channels',
    description: 'Which places outside each machine and program calls, and since when.',
    columns: {
      kind: ['text', '`machine` or `program`.'],
      source: ['text', 'Address of the machine; host and executable of a program, parted by a blank.'],
      place: ['text', 'Registered domain, or an address that no name is known of.'],
      asn: ['integer', 'Autonomous system that it was first reached in.'],
      country: ['text', 'Country of that network.'],
      first_seen: ['time', 'First call.'],
      last_seen: ['time', 'Last call.'],
      days: ['integer', 'Days (UTC) with a call.'],
      calls: ['integer', 'Calls; a connection that two sensors saw counts twice.'],
      is_known: ['boolean', 'Used on five days or more: a habit.'],
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
  second_sighting: {
    title: 'Second sightings',
    description: 'Connections that two sensors told of, by the rows of the one that tells less of them.',
    columns: {
      kind: ['text', 'Kind of event.'],
      sensor: ['text', 'Sensor of these rows: `zeek`, `suricata` or `arkime`, as `event_dataset` begins.'],
      uid: ['text', 'Their `uid`: the key with `kind` and `sensor`.'],
      first_sensor: ['text', 'Sensor that told more of the connection: `pcap`, `zeek` or `suricata`.'],
      first_uid: ['text', '`uid` of its rows.'],
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
