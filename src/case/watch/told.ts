import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { stableId } from '../../base/id.ts';
import type { Micros } from '../../base/time.ts';
import { severities } from '../../events/finding.ts';
import type { Incident } from '../../events/incident.ts';
import type { Alert } from './notice.ts';

/** What of an incident says whether it has grown since it was told. */
export type ToldIncident = Pick<Incident, 'severity' | 'risk' | 'attack'>;

const incidentFile = z.strictObject({
  version: z.literal(1),
  incidents: z.record(
    z.string(),
    z.strictObject({ severity: z.enum(severities), risk: z.number(), attack: z.array(z.string()) }),
  ),
});

/** Alerts that are remembered over a restart. Those that may come twice are of events that were not committed: a few thousand at most. */
const maxAlerts = 20_000;

/**
 * What a watch of the case has told, kept on disk: an alert is told before its event is committed, so that a kill in between loses none, and
 * the event is read again by the next watch. What cannot be written is told again rather than not at all.
 */
export class Told {
  readonly #alertsPath: string;
  readonly #incidentsPath: string;
  /** Ids that the watch before told. */
  readonly #before: ReadonlySet<string>;
  #lines: number;
  /** What was told of incidents; undefined when no watch has judged the case yet. */
  readonly incidents: ReadonlyMap<string, ToldIncident> | undefined;
  /** When the watch before judged last; undefined when there was none. Where it knew nothing of a log, it had not come before that. */
  readonly since: Micros | undefined;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#alertsPath = join(folder, 'told-alerts');
    this.#incidentsPath = join(folder, 'told-incidents.json');
    const ids = textOf(this.#alertsPath)
      .split('\n')
      .filter((line) => line !== '')
      .slice(-maxAlerts);
    this.#before = new Set(ids);
    this.#lines = ids.length;
    this.incidents = incidentsIn(textOf(this.#incidentsPath));
    const judged = statSync(this.#incidentsPath, { throwIfNoEntry: false })?.mtimeMs;
    this.since = judged === undefined ? undefined : Math.floor(judged * 1000);
    replace(this.#alertsPath, ids.map((id) => `${id}\n`).join(''));
  }

  /** The watch before has told it, of the same record. */
  isToldBefore(alert: Alert): boolean {
    return this.#before.has(alertId(alert));
  }

  addAlert(alert: Alert): void {
    const line = `${alertId(alert)}\n`;
    if (this.#lines < 2 * maxAlerts) {
      this.#lines += 1;
      quietly(() => appendFileSync(this.#alertsPath, line, { mode: 0o600 }));
      return;
    }
    const kept = textOf(this.#alertsPath).split('\n').slice(-maxAlerts);
    this.#lines = kept.length;
    replace(this.#alertsPath, kept.join('\n') + line);
  }

  keepIncidents(incidents: readonly Incident[]): void {
    const told = incidents.map(({ id, severity, risk, attack }) => [id, { severity, risk, attack }] as const);
    replace(this.#incidentsPath, JSON.stringify({ version: 1, incidents: Object.fromEntries(told) }));
  }
}

/** The same for the same record, whichever watch reads it: a receiver that gets it twice can tell. */
export function alertId({ detector, subject, severity, host, time, evidence }: Alert): string {
  const record = [host ?? '', String(time), evidence.path, String(evidence.at)];
  return stableId('a-', [detector, subject ?? '', severity, ...record]);
}

function incidentsIn(text: string): ReadonlyMap<string, ToldIncident> | undefined {
  try {
    return new Map(Object.entries(incidentFile.parse(JSON.parse(text)).incidents));
  } catch {
    return undefined;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function replace(path: string, text: string): void {
  quietly(() => {
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  });
}

/** A full disk must not end a watch that still tells. */
function quietly(write: () => void): void {
  try {
    write();
  } catch {
    // Told again after the next start.
  }
}
