import { behaviours, type BehaviourName } from '../samples/behaviours/all.ts';
import { createEvidence, type Evidence } from '../samples/model/evidence.ts';
import { createScene, sampleSeed, type Scene } from '../samples/model/scene.ts';
import { cloudSync } from './behaviours/cloud-sync.ts';
import { drawingUpdater } from './behaviours/drawing-updater.ts';
import { mistypedPassword } from './behaviours/mistyped-password.ts';
import { permittedScan } from './behaviours/permitted-scan.ts';
import { daysFromSample, isWeekend, microsPerDay, weekDays, type WeekDay } from './calendar.ts';
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
const more: Readonly<Record<string, { readonly days: readonly WeekDay[]; readonly play: (scene: Scene) => void }>> = {
  'cloud-sync': { days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'], play: cloudSync },
  'drawing-updater': { days: weekDays, play: drawingUpdater },
  'mistyped-password': { days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'], play: mistypedPassword },
  'permitted-scan': { days: ['Wed'], play: permittedScan },
};

/** Seven ordinary days of the company; another seed gives another such week. */
export function playWeek(seed = sampleSeed): Evidence {
  const week = createEvidence();
  for (const day of weekDays) add(week, shifted(playDay(day, seed), daysFromSample(day) * microsPerDay));
  return week;
}

function playDay(day: WeekDay, seed: string): Evidence {
  const evidence = createEvidence();
  const sceneOf = (name: string): Scene => createScene(name, evidence, undefined, `${seed} week ${day}`);
  for (const [name, { days, play }] of Object.entries(more)) if (days.includes(day)) play(sceneOf(name));
  for (const [name, play] of Object.entries(behaviours)) {
    if (!isWeekend(day) || !ofOffices.has(name as BehaviourName)) play(sceneOf(name));
  }
  return evidence;
}

const networkParts = ['flows', 'dns', 'tls', 'http', 'ssh', 'dhcp', 'oddities'] as const;

function add(week: Evidence, day: Evidence): void {
  for (const part of networkParts) for (const entry of day[part]) (week[part] as unknown[]).push(entry);
}
