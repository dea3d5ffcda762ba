// Written by `npm run gen` from what stands beside this file. Do not edit.
import { format as abuseChEntry } from './abuse-ch/index.ts';
import { format as adblockEntry } from './adblock/index.ts';
import { format as csvEntry } from './csv/index.ts';
import { format as dnsmasqEntry } from './dnsmasq/index.ts';
import { format as hostsEntry } from './hosts/index.ts';
import { format as mispEntry } from './misp/index.ts';
import { format as openiocEntry } from './openioc/index.ts';
import { format as plainEntry } from './plain/index.ts';
import { format as reportEntry } from './report/index.ts';
import { format as rpzEntry } from './rpz/index.ts';
import { format as stixEntry } from './stix/index.ts';
import { format as zeekIntelEntry } from './zeek-intel/index.ts';
import type { IndicatorFormat } from '../format.ts';

export const formats = {
  'abuse-ch': abuseChEntry,
  'adblock': adblockEntry,
  'csv': csvEntry,
  'dnsmasq': dnsmasqEntry,
  'hosts': hostsEntry,
  'misp': mispEntry,
  'openioc': openiocEntry,
  'plain': plainEntry,
  'report': reportEntry,
  'rpz': rpzEntry,
  'stix': stixEntry,
  'zeek-intel': zeekIntelEntry,
} as const;
export type FormatId = keyof typeof formats;

// Each name is the id, and each entry fits the contract of its family.
formats satisfies { readonly [Id in FormatId]: IndicatorFormat<Id> };
