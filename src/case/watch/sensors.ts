import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { VakthundError } from '../../base/errors.ts';
import { unseenBy } from '../../collect/linux/rights.ts';
import { sensors } from '../../collect/sensors/registry.generated.ts';
import type { GuardedPath } from '../../collect/guarded.ts';
import type { RecordContext, Sensor } from '../../collect/sensor.ts';
import type { Attribution } from './attribution.ts';
import { GroupedLoss } from './grouped-loss.ts';
import { keepRecording } from './keep-recording.ts';
import type { Notice } from './notice.ts';

/** What sensors that are pointed at something are pointed at, by their ids; and how often they hand on what they have. */
export interface SensorInputs {
  readonly inputs: Readonly<Record<string, readonly string[]>>;
  readonly everyMs?: number;
}

export interface SensorOptions extends SensorInputs {
  /** Each sensor writes into a folder of its own below it. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Told of the containers that sensors see. */
  readonly attribution: Attribution;
  /** Files and folders of this program that nobody should change. */
  readonly guarded: readonly GuardedPath[];
  onNotice(notice: Notice): void;
}

/** What is recorded on this machine while a case is watched, and where it is written. */
export interface RunningSensors {
  /** Folders that the sensors write into: to be followed like any other. */
  readonly folders: readonly string[];
  /** Resolves when everything that was recorded is written, after the signal. */
  readonly ended: Promise<unknown>;
}

/**
 * Starts sensors by their ids; `auto` is every one that can run here by itself. One that was named and cannot run is an error; one that stops is
 * told and started again, and the others go on.
 */
export async function startSensors(ids: readonly string[], options: SensorOptions): Promise<RunningSensors> {
  const all: readonly Sensor[] = Object.values(sensors);
  const named = [...ids.filter((id) => id !== 'auto'), ...Object.keys(options.inputs)].map((id) => byId(id, all));
  const automatic = ids.includes('auto') ? all.filter((one) => one.isPointed !== true && one.isNamedOnly !== true) : [];
  // Whoever watches is watched, whatever else is.
  const chosen = new Set([...named, ...automatic, sensors.self]);
  const folders: string[] = [];
  const running: Promise<void>[] = [];
  for (const sensor of chosen) {
    const inputs = options.inputs[sensor.id];
    if (sensor.isPointed === true && inputs === undefined) {
      throw new VakthundError('USAGE', `the sensor ${sensor.id} must be told what to record`, {
        hint: 'watch --interface eth0',
      });
    }
    const why = await sensor.whyNot(inputs);
    if (why !== undefined && named.includes(sensor)) {
      throw new VakthundError('NOT_FOUND', `the sensor ${sensor.id} cannot run: ${why}`);
    }
    if (why !== undefined) {
      options.onNotice({ type: 'sensor', sensor: sensor.id, state: 'unavailable', message: why });
      continue;
    }
    const own = join(options.folder, sensor.id);
    mkdirSync(own, { recursive: true, mode: 0o700 });
    folders.push(own);
    if (sensor.id === sensors.containers.id) options.attribution.expectNames(tellsUnnamed(options));
    const context = contextOf(sensor, { folder: own, ...told(inputs, options) }, options);
    await sensor.catchUp?.(context);
    for (const text of unseenBy(sensor.id)) context.onNote(text);
    running.push(
      keepRecording(sensor, context, {
        ...(inputs === undefined ? {} : { inputs }),
        againMs,
        isQuiet: sensor.id === sensors.self.id,
        onNotice: (notice) => options.onNotice(notice),
      }),
    );
  }
  return { folders, ended: Promise.all(running) };
}

/** How often at most it is told that a sensor loses records. */
const lossEveryMs = 60_000;

/** How soon a sensor that stopped is started again. */
const againMs = 10_000;

/** Of so many containers it is told that nothing is known of them. */
const maxUnnamed = 20;

function tellsUnnamed(options: SensorOptions): (containerId: string) => void {
  let told = 0;
  return (id) => {
    if (told++ >= maxUnnamed) return;
    const message = `no engine told of container ${id.slice(0, 12)} in time: what was seen in it is judged without its name, image and rights`;
    options.onNotice({ type: 'problem', problem: { code: 'partly-seen', at: {}, message } });
  };
}

/** Throws for an id that no sensor has. */
export function assertSensors(ids: readonly string[]): void {
  for (const id of ids) if (id !== 'auto') byId(id, Object.values(sensors));
}

function byId(id: string, all: readonly Sensor[]): Sensor {
  const sensor = all.find((known) => known.id === id);
  if (sensor !== undefined) return sensor;
  const known = [...all.map((one) => one.id), 'auto'].join(', ');
  throw new VakthundError('NOT_FOUND', `there is no sensor "${id}"`, { hint: `known are ${known}` });
}

function told(
  inputs: readonly string[] | undefined,
  { everyMs }: SensorOptions,
): Pick<RecordContext, 'inputs' | 'everyMs'> {
  return { ...(inputs === undefined ? {} : { inputs }), ...(everyMs === undefined ? {} : { everyMs }) };
}

function contextOf(
  { id }: Sensor,
  own: Pick<RecordContext, 'folder' | 'inputs' | 'everyMs'>,
  options: SensorOptions,
): RecordContext {
  const { signal, guarded, attribution } = options;
  const onNotice = (notice: Notice): void => options.onNotice(notice);
  const lost = (count: number, message: string): void =>
    onNotice({ type: 'sensor', sensor: id, state: 'lost', message, count });
  const loss = new GroupedLoss(lost, lossEveryMs, signal);
  return {
    ...own,
    signal,
    guarded,
    onLost: (count, message) => loss.add(count, message),
    onNote: (message) => onNotice({ type: 'sensor', sensor: id, state: 'started', message }),
    onContainerProcess: (pid, container) => attribution.process(pid, container),
    onContainer: (container) => attribution.container(container),
  };
}
