// Written by `npm run gen` from what stands beside this file. Do not edit.
import { sensor as auditEntry } from './audit/index.ts';
import { sensor as containersEntry } from './containers/index.ts';
import { sensor as ebpfEntry } from './ebpf/index.ts';
import { sensor as fanotifyEntry } from './fanotify/index.ts';
import { sensor as journaldEntry } from './journald/index.ts';
import { sensor as packetsEntry } from './packets/index.ts';
import { sensor as processEventsEntry } from './process-events/index.ts';
import { sensor as selfEntry } from './self/index.ts';
import type { Sensor } from '../sensor.ts';

export const sensors = {
  'audit': auditEntry,
  'containers': containersEntry,
  'ebpf': ebpfEntry,
  'fanotify': fanotifyEntry,
  'journald': journaldEntry,
  'packets': packetsEntry,
  'process-events': processEventsEntry,
  'self': selfEntry,
} as const;
export type SensorId = keyof typeof sensors;

// Each name is the id, and each entry fits the contract of its family.
sensors satisfies { readonly [Id in SensorId]: Sensor<Id> };
