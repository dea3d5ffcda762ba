import { communityId } from '../samples/base/community-id.ts';
import type { BehaviourName } from '../samples/behaviours/all.ts';
import type { Evidence } from '../samples/model/evidence.ts';
import type { Flow } from '../samples/model/network.ts';
import type { Scene } from '../samples/model/scene.ts';
import { workstations } from '../samples/world/hosts.ts';
import { controllerPrograms, plantFloor, remoteMaintenance } from './behaviours/plant-floor.ts';
import { weekDays, type WeekDay } from './calendar.ts';
import { throughProxy } from './proxied.ts';
import { withFlows } from './shift.ts';

/** Behaviours by name, each with the days on which it happens. */
export type More = Readonly<
  Record<string, { readonly days: readonly WeekDay[]; readonly play: (scene: Scene) => void }>
>;

/** How a company differs from the office of the samples. */
export interface Shape {
  /** Hours by which another crew does the same work again, round the clock. */
  readonly shifts: readonly number[];
  /** What those crews do. */
  readonly ofShifts: ReadonlySet<BehaviourName>;
  /** Whether people are at their desks on Saturday and Sunday too. */
  readonly hasWeekends: boolean;
  /** What only such a company has, and the days on which it happens. */
  readonly more?: More;
  /** What the sensor sees of what happens, where it does not see all. */
  readonly seen?: (all: Evidence) => Evidence;
  /** The address by which the sensor knows a machine, where it has another. */
  readonly addressOf?: (ip: string) => string;
  /** Planted behaviours that are out of the sensor's sight. */
  readonly hides?: readonly string[];
}

const atDesks: readonly BehaviourName[] = [
  'browsing',
  'file-server',
  'printing',
  'video-calls',
  'weather-widget',
  'mail',
];

export const shapes = {
  office: { shifts: [], ofShifts: new Set(), hasWeekends: false },
  /** Its wards work in three shifts on all days. */
  hospital: { shifts: [8, 16], ofShifts: new Set(atDesks), hasWeekends: true },
  /** Its builds fetch packages round the clock. */
  'software-house': {
    shifts: [4, 8, 12, 16],
    ofShifts: new Set<BehaviourName>(['developers', 'package-lists', 'docker-host']),
    hasWeekends: true,
  },
  /** Its machines work round the clock on all days, in three shifts; desks are few and quiet by night. */
  factory: {
    shifts: [8, 16],
    ofShifts: new Set<BehaviourName>(['printing', 'weather-widget']),
    hasWeekends: true,
    more: {
      'plant-floor': { days: weekDays, play: plantFloor },
      'remote-maintenance': { days: ['Tue', 'Fri'], play: remoteMaintenance },
      'controller-programs': { days: ['Mon', 'Thu'], play: controllerPrograms },
    },
  },
  /** Its desks stand behind one address. */
  branch: {
    shifts: [],
    ofShifts: new Set(),
    hasWeekends: false,
    seen: behindOneAddress,
    addressOf: (ip) => (desks.has(ip) ? router : ip),
    hides: ['lateral-movement', 'rogue-device'],
  },
  /** Its desks reach the web through a proxy only. */
  proxied: { shifts: [], ofShifts: new Set(), hasWeekends: false, seen: throughProxy },
} as const satisfies Readonly<Record<string, Shape>>;
export type ShapeName = keyof typeof shapes;

const desks: ReadonlySet<string> = new Set(workstations.map(({ ip }) => ip));
/** The router of the branch, as the network inside sees it. */
const router = '10.20.4.2';

/** Address translation: what a desk begins comes from the router, and its lease is given out behind it. */
function behindOneAddress(week: Evidence): Evidence {
  const seen = ({ client, server }: Flow): boolean => !(desks.has(client.ip) && desks.has(server.ip));
  const translated = withFlows({ ...week, dhcp: [] }, (flow) => {
    if (!desks.has(flow.client.ip)) return flow;
    const client = { ...flow.client, ip: router };
    const { transport, server } = flow;
    return { ...flow, client, communityId: communityId(transport, client.ip, client.port, server.ip, server.port) };
  });
  return { ...translated, flows: translated.flows.filter(seen) };
}
