// Written by `npm run gen` from what stands beside this file. Do not edit.
import { analytic as alertEntry } from './alert/index.ts';
import { analytic as anonymityNetworkEntry } from './anonymity-network/index.ts';
import { analytic as beaconEntry } from './beacon/index.ts';
import { analytic as bruteForceEntry } from './brute-force/index.ts';
import { analytic as cloudC2Entry } from './cloud-c2/index.ts';
import { analytic as dgaEntry } from './dga/index.ts';
import { analytic as dnsTunnelEntry } from './dns-tunnel/index.ts';
import { analytic as executionEntry } from './execution/index.ts';
import { analytic as exfiltrationEntry } from './exfiltration/index.ts';
import { analytic as exploitStringEntry } from './exploit-string/index.ts';
import { analytic as firstSeenEntry } from './first-seen/index.ts';
import { analytic as hiddenDataEntry } from './hidden-data/index.ts';
import { analytic as icmpTunnelEntry } from './icmp-tunnel/index.ts';
import { analytic as indicatorEntry } from './indicator/index.ts';
import { analytic as insiderEntry } from './insider/index.ts';
import { analytic as lateralMovementEntry } from './lateral-movement/index.ts';
import { analytic as logSilenceEntry } from './log-silence/index.ts';
import { analytic as longConnectionEntry } from './long-connection/index.ts';
import { analytic as massAccessEntry } from './mass-access/index.ts';
import { analytic as minerEntry } from './miner/index.ts';
import { analytic as oddHoursEntry } from './odd-hours/index.ts';
import { analytic as persistenceChangeEntry } from './persistence-change/index.ts';
import { analytic as phoningUpdaterEntry } from './phoning-updater/index.ts';
import { analytic as programDownloadEntry } from './program-download/index.ts';
import { analytic as rareEntry } from './rare/index.ts';
import { analytic as rogueDeviceEntry } from './rogue-device/index.ts';
import { analytic as scanEntry } from './scan/index.ts';
import { analytic as splitArchiveEntry } from './split-archive/index.ts';
import { analytic as startupItemEntry } from './startup-item/index.ts';
import { analytic as strobeEntry } from './strobe/index.ts';
import { analytic as tlsOddityEntry } from './tls-oddity/index.ts';
import { analytic as unusualPortEntry } from './unusual-port/index.ts';
import { analytic as webTunnelEntry } from './web-tunnel/index.ts';
import { analytic as windowsPersistenceEntry } from './windows-persistence/index.ts';
import type { Analytic } from '../analytic.ts';

export const analytics = {
  'alert': alertEntry,
  'anonymity-network': anonymityNetworkEntry,
  'beacon': beaconEntry,
  'brute-force': bruteForceEntry,
  'cloud-c2': cloudC2Entry,
  'dga': dgaEntry,
  'dns-tunnel': dnsTunnelEntry,
  'execution': executionEntry,
  'exfiltration': exfiltrationEntry,
  'exploit-string': exploitStringEntry,
  'first-seen': firstSeenEntry,
  'hidden-data': hiddenDataEntry,
  'icmp-tunnel': icmpTunnelEntry,
  'indicator': indicatorEntry,
  'insider': insiderEntry,
  'lateral-movement': lateralMovementEntry,
  'log-silence': logSilenceEntry,
  'long-connection': longConnectionEntry,
  'mass-access': massAccessEntry,
  'miner': minerEntry,
  'odd-hours': oddHoursEntry,
  'persistence-change': persistenceChangeEntry,
  'phoning-updater': phoningUpdaterEntry,
  'program-download': programDownloadEntry,
  'rare': rareEntry,
  'rogue-device': rogueDeviceEntry,
  'scan': scanEntry,
  'split-archive': splitArchiveEntry,
  'startup-item': startupItemEntry,
  'strobe': strobeEntry,
  'tls-oddity': tlsOddityEntry,
  'unusual-port': unusualPortEntry,
  'web-tunnel': webTunnelEntry,
  'windows-persistence': windowsPersistenceEntry,
} as const;
export type AnalyticId = keyof typeof analytics;

// Each name is the id, and each entry fits the contract of its family.
analytics satisfies { readonly [Id in AnalyticId]: Analytic<Id> };
