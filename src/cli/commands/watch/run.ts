import { mkdirSync, statSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { hostname } from 'node:os';
import { basename, join, resolve, sep } from 'node:path';
import { VakthundError } from '../../../base/errors.ts';
import { severityRank, type Severity } from '../../../events/finding.ts';
import type { Attribution } from '../../../case/watch/attribution.ts';
import type { Settings } from '../../../config/settings.ts';
import type { ExitCode } from '../../command.ts';
import { loggerOf, settingsOf, type GlobalOptions } from '../../context.ts';
import type { Terminal } from '../../terminal.ts';
import type { Notice } from '../../../case/watch/notice.ts';
import type { Silence } from '../../../case/watch/silence.ts';
import type { RunningSensors, SensorOptions } from '../../../case/watch/sensors.ts';
import { Channels, type ChannelOptions } from './channels.ts';
import { intervalsOf, type IntervalOptions } from './intervals.ts';
import { journalInputs } from './journal-inputs.ts';
import { lineOf } from './lines.ts';
import { guardedPaths } from './guarded.ts';
import { startListening } from './listen.ts';
import { WatchMetrics, type Usage } from './metrics.ts';
import { startPacks } from './packs.ts';
import { packetInputs, type PacketOptions } from './packet-inputs.ts';
import { secondsOf } from './seconds.ts';

export interface WatchCommandOptions extends GlobalOptions, ChannelOptions, PacketOptions, IntervalOptions {
  readonly rules: readonly string[];
  readonly indicators: readonly string[];
  readonly keylog: readonly string[];
  readonly sensor: readonly string[];
  readonly pack: readonly string[];
  readonly engine: readonly string[];
  readonly journalDirectory: readonly string[];
  readonly listen: readonly string[];
  readonly listenTokenFile?: string;
  readonly printUnit?: boolean;
  readonly writeUnit?: string;
  readonly for?: string;
}

/** What the store may take where the settings say nothing: the machine has other work to do. */
const watchMemoryBytes = 400_000_000;
const watchThreads = 2;

/** Watches until Ctrl-C, SIGTERM or `--for`; ends with 0. What came in stands in the case. */
export async function runWatch(
  given: readonly string[],
  options: WatchCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const folder = resolve(options.case);
  const received = join(folder, 'live', 'received');
  const paths = [...options.keylog, ...given.filter((path) => path !== '-')].map(existing);
  const captures = packetInputs(options, given.includes('-'), secondsOf(options.captureEvery, '--capture-every'));
  const journals = journalInputs(options.journalDirectory.map(existing), paths);
  const engines = options.engine.length === 0 ? {} : { containers: options.engine.map(existing) };
  const inputs = { ...captures.inputs, ...journals.inputs, ...engines };
  if (options.listen.length > 0) {
    mkdirSync(received, { recursive: true, mode: 0o700 });
    paths.push(received);
  }
  if (areEmpty(paths, options.sensor, options.pack, Object.keys(inputs))) throw nothingToWatch();
  if (options.printUnit === true || options.writeUnit !== undefined) return writeUnit(options, folder, terminal);
  const forMs = options.for === undefined ? undefined : secondsOf(options.for, '--for');
  let timer: NodeJS.Timeout | undefined;
  const stop = new AbortController();
  const signal = AbortSignal.any([terminal.signal, stop.signal]);
  const metrics = new WatchMetrics();
  const channels = channelsOf(options, folder, terminal, (notice) => onNotice(notice));
  const onNotice = (notice: Notice): void => {
    if (notice.type === 'status') keepCompiledCode();
    // The first status says that what stood there before has been read and judged.
    if (notice.type === 'status' && forMs !== undefined) timer ??= setTimeout(() => stop.abort(), forMs);
    metrics.count(notice);
    channels.send(notice);
    if (isShown(notice, options.minSeverity)) terminal.out(`${lineOf(notice, terminal)}\n`);
  };
  const service = await ownedCase(options, folder, terminal, signal);
  const listening = startListening(options, received, () => metrics.text(channels.state(), usage()));
  const listeners = await orUndo(listening, () => service.close());
  const attribution = await newAttribution();
  const live = { folder: join(folder, 'live'), signal, attribution, onNotice, ...captures, inputs };
  const sensors = await orUndo(sensorsFor(options, live), async () => {
    // Those that were started before the one that cannot run would record on, and keep the process.
    stop.abort();
    await listeners.close();
    await service.close();
  });
  if (!terminal.quiet) terminal.talk(`${greeting(given, listeners.at, options)}\n`);
  try {
    const { watch } = await import('../../../case/watch/watch.ts');
    const { RuleBook } = await import('../../../case/watch/rule-book.ts');
    const { settings } = await settingsOf(options);
    const silence = await silenceOf(folder, settings, onNotice);
    await watch(service, {
      hostName: hostname(),
      paths: [...paths, ...sensors.folders],
      isReadElsewhere: (path) => journals.isReadBySensor(path),
      isRecorded: isIn(sensors.folders),
      rules: new RuleBook([...options.rules.map(existing), ...settings.rules.pipelines]),
      takeReload: reloadRequests(() => stop.abort()),
      toldFolder: live.folder,
      refreshSilence: () => silence.refresh(),
      indicators: options.indicators.map(existing),
      ...intervalsOf(options),
      keep: { days: settings.watch.keep_days, bytes: settings.watch.keep_bytes },
      signal,
      clockMs: () => performance.now(),
      now: () => Date.now() * 1000,
      lost: () => metrics.lost,
      amend: (events) => attribution.amend(events),
      onRead: (events) => metrics.read(events),
      isSilent: (alert) => silence.covers(alert),
      onNotice,
    });
  } finally {
    clearTimeout(timer);
    stop.abort();
    await sensors.ended;
    await listeners.close();
    await channels.close();
    await service.close();
  }
  return 0;
}

async function writeUnit(options: WatchCommandOptions, folder: string, terminal: Terminal): Promise<ExitCode> {
  [...options.rules, ...options.indicators, ...options.pack].forEach(existing);
  return (await import('./print-unit.ts')).printUnit(options, folder, terminal);
}

function channelsOf(
  options: ChannelOptions,
  folder: string,
  terminal: Terminal,
  onNotice: (notice: Notice) => void,
): Channels {
  const onTrouble = (text: string): void => tell(terminal, text);
  return new Channels(options, join(folder, 'live', 'queue'), onTrouble, (label, bytes) => {
    const message = `somebody cut or removed the queue of ${label}: ${bytes} bytes of messages will never be sent`;
    onNotice({ type: 'sensor', sensor: 'self', state: 'lost', message, count: 1 });
  });
}

/** What was opened before it is closed again when it fails. */
async function orUndo<T>(work: Promise<T>, undo: () => Promise<void>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    await undo();
    throw error;
  }
}

/**
 * Whether somebody asked for a new look at the rules (SIGHUP) since it was asked last. In a terminal the signal says that it was closed: then the
 * watch ends.
 */
function reloadRequests(end: () => void): () => boolean {
  let isAsked = false;
  process.on('SIGHUP', () => {
    if (process.stdin.isTTY || process.stdout.isTTY) end();
    isAsked = true;
  });
  return () => {
    const was = isAsked;
    isAsked = false;
    return was;
  };
}

async function newAttribution(): Promise<Attribution> {
  const { Attribution: OfThisMachine } = await import('../../../case/watch/attribution.ts');
  return new OfThisMachine(hostname(), () => Date.now() * 1000);
}

/** Whether a sensor recorded it as it happened: a journal that is read for the first time has history. */
function isIn(folders: readonly string[]): (path: string) => boolean {
  const recorded = folders.filter((own) => basename(own) !== 'journald');
  return (path) => recorded.some((own) => path.startsWith(`${own}${sep}`));
}

let isCompiledCodeKept = false;

/** Keeps compiled code the first time that it is called. At the end Node does it by itself, but one who is killed has no end. */
function keepCompiledCode(): void {
  if (!isCompiledCodeKept) flushCompileCache();
  isCompiledCodeKept = true;
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, residentBytes: process.memoryUsage.rss() };
}

function areEmpty(...lists: readonly (readonly string[])[]): boolean {
  return lists.every((list) => list.length === 0);
}

function nothingToWatch(): VakthundError {
  const hint = 'name files or folders, --sensor auto, or --listen 127.0.0.1:2801';
  return new VakthundError('USAGE', 'there is nothing to watch', { hint });
}

async function silenceOf(folder: string, settings: Settings, onNotice: (notice: Notice) => void): Promise<Silence> {
  const { Silence: Suppressions } = await import('../../../case/watch/silence.ts');
  const { toCaseSettings } = await import('../../../config/settings.ts');
  const onFault = (message: string): void =>
    onNotice({ type: 'problem', problem: { code: 'detector-failed', at: {}, message } });
  return new Suppressions(folder, () => Date.now() * 1000, onFault, toCaseSettings(settings).silencing);
}

/** What records on this machine: sensors, and the queries of packs. */
async function sensorsFor(options: WatchCommandOptions, live: Omit<SensorOptions, 'guarded'>): Promise<RunningSensors> {
  const onFault = (message: string): void =>
    live.onNotice({ type: 'problem', problem: { code: 'detector-failed', at: {}, message } });
  const packs = startPacks(options.pack.map(existing), live.folder, live.signal, onFault);
  const { startSensors } = await import('../../../case/watch/sensors.ts');
  const sensors = await startSensors(options.sensor, { ...live, guarded: await guardedPaths(options) });
  return {
    folders: [...sensors.folders, ...packs.folders],
    ended: Promise.all([sensors.ended, packs.ended]),
  };
}

async function ownedCase(options: WatchCommandOptions, folder: string, terminal: Terminal, signal: AbortSignal) {
  const { settings } = await settingsOf(options);
  const { ownCase } = await import('../../../case/owner/open-case.ts');
  const { toCaseSettings } = await import('../../../config/settings.ts');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const now = (): number => Date.now() * 1000;
  const given = toCaseSettings(settings);
  const bounded = {
    memoryBytes: given.memoryBytes ?? watchMemoryBytes,
    threads: given.threads ?? watchThreads,
    returnsMemory: true,
  };
  return ownCase({ folder, settings: { ...given, ...bounded }, logger: loggerOf(options, terminal), now, signal });
}

function isShown(notice: Notice, minSeverity: Severity): boolean {
  switch (notice.type) {
    case 'alert':
    case 'repeats':
      return severityRank(notice.severity) >= severityRank(minSeverity);
    case 'incident':
      return severityRank(notice.incident.severity) >= severityRank(minSeverity);
    case 'problem':
    case 'sensor':
    case 'rules':
    case 'forgotten':
    case 'status':
      return true;
  }
}

function greeting(given: readonly string[], at: readonly string[], { pack, sensor }: WatchCommandOptions): string {
  const parts = given.length === 0 ? [] : [`following ${given.join(', ')}`];
  if (sensor.length > 0) parts.push(`recording with ${sensor.join(', ')}`);
  if (pack.length > 0) parts.push(`asking ${pack.join(', ')}`);
  if (at.length > 0) parts.push(`listening on ${at.join(' and ')}`);
  return `${parts.length === 0 ? 'watching' : parts.join(', ')}; Ctrl-C ends`;
}

function tell(terminal: Terminal, text: string): void {
  if (!terminal.quiet) terminal.talk(`vakthund: ${text}\n`);
}

function existing(path: string): string {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    throw new VakthundError('NOT_FOUND', `there is no file or folder "${path}"`);
  }
  return resolve(path);
}
