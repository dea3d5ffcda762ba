import { createScene, type Scene } from '../model/scene.ts';
import type { Evidence } from '../model/evidence.ts';
import { adminSessions } from './admin-sessions.ts';
import { antivirusReputation } from './av-reputation.ts';
import { nightlyBackup } from './backup.ts';
import { browsing } from './browsing.ts';
import { developers } from './developers.ts';
import { leases } from './dhcp.ts';
import { discovery } from './discovery.ts';
import { dockerHostRoutine } from './docker-host.ts';
import { endpointAgents } from './endpoint-agent.ts';
import { fileSharing } from './file-server.ts';
import { internetNoise } from './internet-noise.ts';
import { mail } from './mail.ts';
import { monitoring } from './monitoring.ts';
import { packageLists } from './package-lists.ts';
import { printing } from './printing.ts';
import { resolverUpstream } from './resolver-upstream.ts';
import { sensorOddities } from './sensor-oddities.ts';
import { timeSync } from './time-sync.ts';
import { updates } from './updates.ts';
import { videoCalls } from './video-calls.ts';
import { weatherWidget } from './weather-widget.ts';
import { webShop } from './web-shop.ts';

/** All that is ordinary. Each draws from its own numbers; only the oddities look at what is there, so they come last. */
export const behaviours = {
  'admin-sessions': adminSessions,
  'av-reputation': antivirusReputation,
  backup: nightlyBackup,
  browsing,
  developers,
  dhcp: leases,
  discovery,
  'docker-host': dockerHostRoutine,
  'endpoint-agent': endpointAgents,
  'file-server': fileSharing,
  'internet-noise': internetNoise,
  mail,
  monitoring,
  'package-lists': packageLists,
  printing,
  'resolver-upstream': resolverUpstream,
  'time-sync': timeSync,
  updates,
  'video-calls': videoCalls,
  'weather-widget': weatherWidget,
  'web-shop': webShop,
  'sensor-oddities': sensorOddities,
} as const satisfies Readonly<Record<string, (scene: Scene) => void>>;
export type BehaviourName = keyof typeof behaviours;

export function playOrdinaryDay(evidence: Evidence): void {
  for (const [name, play] of Object.entries(behaviours)) play(createScene(name, evidence));
}
