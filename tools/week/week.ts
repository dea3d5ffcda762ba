import { behaviours, type BehaviourName } from '../samples/behaviours/all.ts';
import { createEvidence, type Evidence } from '../samples/model/evidence.ts';
import { createScene, sampleSeed, type Scene } from '../samples/model/scene.ts';
import { cloudSync } from './behaviours/cloud-sync.ts';
import { drawingUpdater } from './behaviours/drawing-updater.ts';
import { mistypedPassword } from './behaviours/mistyped-password.ts';
import { permittedScan } from './behaviours/permitted-scan.ts';
import { microsPerHour } from '../../src/base/time.ts';
import { daysFromSample, isWeekend, microsPerDay, weekDays, type WeekDay } from './calendar.ts';
import { shapes, type More, type Shape, type ShapeName } from './shapes.ts';
import { shifted } from './shift.ts';

/** What needs people at their desks. */
const ofOffices: ReadonlySet<BehaviourName> = new Set<BehaviourName>([
  'admin-sessions',
  'av-reputation',
  'browsing',
  'developers',
  'file-server',
  'printing',
  'video-calls',
  'weather-widget',
]);

/** What a week has and the day of the samples has not, with the days on which it happens. */
const ofAll: More = {
  'cloud-sync': { days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'], play: cloudSync },
  'drawing-updater': { days: weekDays, play: drawingUpdater },
  'mistyped-password': { days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'], play: mistypedPassword },
  'permitted-scan': { days: ['Wed'], play: permittedScan },
};

/** Seven ordinary days of a company; another seed gives another such week. */
export function playWeek(seed = sampleSeed, name: ShapeName = 'office'): Evidence {
  const shape: Shape = shapes[name];
  const week = createEvidence();
  for (const day of weekDays) {
    const by = daysFromSample(day) * microsPerDay;
    add(week, shifted(playDay(day, seed, shape), by));
    for (const hours of shape.shifts) {
      add(week, shifted(playShift(day, seed, hours, shape), by + hours * microsPerHour));
    }
  }
  return shape.seen?.(week) ?? week;
}

function playDay(day: WeekDay, seed: string, { hasWeekends, more = {} }: Shape): Evidence {
  const evidence = createEvidence();
  const sceneOf = (name: string): Scene => createScene(name, evidence, undefined, `${seed} week ${day}`);
  for (const [name, { days, play }] of [...Object.entries(ofAll), ...Object.entries(more)]) {
    if (days.includes(day)) play(sceneOf(name));
  }
  for (const [name, play] of Object.entries(behaviours)) {
    if (hasWeekends || !isWeekend(day) || !ofOffices.has(name as BehaviourName)) play(sceneOf(name));
  }
  return evidence;
}

/** What the crew does that comes so many hours after the first. */
function playShift(day: WeekDay, seed: string, hours: number, { ofShifts }: Shape): Evidence {
  const evidence = createEvidence();
  for (const name of ofShifts) {
    behaviours[name](createScene(name, evidence, undefined, `${seed} week ${day} shift ${hours}`));
  }
  return evidence;
}

const networkParts = ['flows', 'dns', 'tls', 'http', 'ssh', 'dhcp', 'oddities'] as const;

function add(week: Evidence, day: Evidence): void {
  for (const part of networkParts) for (const entry of day[part]) (week[part] as unknown[]).push(entry);
}
