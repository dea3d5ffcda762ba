import type { EventRow, VakthundEvent } from '../../events/event.ts';
import { loaderVariables } from '../../events/told-variables.ts';
import { severities, type Severity } from '../../events/finding.ts';
import type { RuleMatch, RuleRunner } from '../../detect/rules/rule-language.ts';
import { excludesProcesses, judgedWithoutProcess } from '../../detect/rules/unknown-process.ts';
import { eventFormat } from '../../match/event-format.ts';
import type { DecodedEvidence } from '../content-reader.ts';
import type { LoadedSet } from '../run-rules.ts';
import type { Alert } from './notice.ts';

/** Judges events one by one as they come in: rules of all languages, and what other tools say. */
export class LiveRules {
  readonly #runners: readonly { readonly language: string; readonly runner: RuleRunner<EventRow> }[];

  constructor(sets: readonly LoadedSet[]) {
    this.#runners = sets.flatMap(({ language, set }) => {
      const runner = set.runner(eventFormat);
      return runner === undefined ? [] : [{ language: language.id, runner }];
    });
  }

  *judge(events: readonly VakthundEvent[], evidence: DecodedEvidence): Generator<Alert> {
    for (const event of events) {
      const row = event as unknown as EventRow;
      if (event.kind === 'alert') {
        const alert = foreignAlert(row, evidence);
        if (alert !== undefined) yield alert;
        continue;
      }
      for (const { language, runner } of this.#runners) {
        for (const match of runner.judge(row)) yield ruleAlert(language, match, row, evidence);
      }
    }
  }
}

function ruleAlert(language: string, { rule, time }: RuleMatch, row: EventRow, evidence: DecodedEvidence): Alert {
  const isInDoubt =
    textOf(row, 'process_name') === undefined &&
    textOf(row, 'process_executable') === undefined &&
    excludesProcesses(rule);
  return {
    detector: `rules/${language}/${rule.id}`,
    title: rule.title,
    severity: isInDoubt ? judgedWithoutProcess(rule.severity).severity : rule.severity,
    time: Number(time / 1000n),
    attack: rule.attack,
    ...aboutOf(row, evidence),
  };
}

/** An alert of another tool from low on: what it calls information would only fill the screen. */
function foreignAlert(row: EventRow, evidence: DecodedEvidence): Alert | undefined {
  const severity = severities.find((known) => known === row['rule_severity']) ?? 'low';
  if (severity === 'info') return undefined;
  const tool = (textOf(row, 'event_dataset') ?? evidence.source).split('.', 1)[0] ?? '';
  const name = textOf(row, 'rule_name') ?? textOf(row, 'message') ?? 'alert';
  return {
    detector: `alerts/${tool}/${textOf(row, 'rule_id') ?? name}`,
    title: name,
    severity: severity as Severity,
    time: Number(row['time'] ?? 0),
    attack: listOf(row['threat_technique_id']),
    ...aboutOf(row, evidence),
    ...(row['event_dataset'] === ownDataset ? ofWatch(row) : {}),
  };
}

/** Of what is done to the watch itself. */
const ownDataset = 'vakthund.self';

/** The message names the files and times; what is done to one file, or another setting of the clock, is no repeat. */
function ofWatch(row: EventRow): Partial<Alert> {
  const message = textOf(row, 'message') ?? '';
  return { what: message, subject: textOf(row, 'file_path') ?? message };
}

function aboutOf(
  row: EventRow,
  evidence: DecodedEvidence,
): Omit<Alert, 'detector' | 'title' | 'severity' | 'time' | 'attack'> {
  const container = textOf(row, 'container_name') ?? textOf(row, 'container_id');
  const image = textOf(row, 'container_image_name');
  const user = textOf(row, 'user_name') ?? textOf(row, 'login_name');
  return {
    host: textOf(row, 'host_name') ?? textOf(row, 'source_ip'),
    what: whatOf(row),
    ...(container === undefined ? {} : { container }),
    ...(image === undefined ? {} : { image }),
    ...(user === undefined ? {} : { user }),
    evidence: { path: evidence.path, at: Number(row['evidence_at'] ?? 0) },
  };
}

/** The most telling columns, the first that is there: what a person would ask first. */
const telling = [
  'process_command_line',
  'file_path',
  'url_original',
  'dns_question_name',
  'registry_path',
  'process_executable',
  'message',
] as const;
const maxWhat = 300;

function whatOf(row: EventRow): string {
  const parts = telling.flatMap((column) => textOf(row, column) ?? []).slice(0, 2);
  const [far, port] = [textOf(row, 'destination_ip'), row['destination_port']];
  if (far !== undefined) parts.push(typeof port === 'number' ? `to ${far} port ${port}` : `to ${far}`);
  // Where a file was moved or linked to says more than where it was.
  const target = textOf(row, 'file_target_path');
  if (target !== undefined) parts.push(`to ${target}`);
  const fields = textOf(row, 'fields');
  const libraries = librariesOf(fields);
  if (libraries !== undefined) parts.push(`with ${libraries}`);
  const input = inputOf(fields);
  if (input !== undefined) parts.push(`reads from ${input}`);
  return parts.join('  ').slice(0, maxWhat);
}

/** What the environment of a program says of its libraries: the command line looks like any other. */
function librariesOf(fields: string | undefined): string | undefined {
  if (fields?.includes('"env":{') !== true) return undefined;
  const env = memberIn(fields, 'env');
  if (typeof env !== 'object' || env === null) return undefined;
  const named = Object.entries(env)
    .filter(([name]) => loaderVariables.some((variable) => variable === name))
    .map(([name, value]) => `${name}=${String(value)}`);
  return named.length === 0 ? undefined : named.join(' ');
}

/** The connection that is the standard input of a program. */
function inputOf(fields: string | undefined): string | undefined {
  if (fields?.includes('"stdin":{') !== true) return undefined;
  const stdin = memberIn(fields, 'stdin');
  const name = typeof stdin === 'object' && stdin !== null ? (stdin as { readonly name?: unknown }).name : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** What another program exported may be no JSON there. */
function memberIn(fields: string, name: string): unknown {
  try {
    return (JSON.parse(fields) as Readonly<Record<string, unknown>> | null)?.[name];
  } catch {
    return undefined;
  }
}

function textOf(row: EventRow, column: string): string | undefined {
  const value = row[column];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function listOf(value: EventRow[string] | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** For the grouping of repeats. */
export function sameThing(alert: Alert): string {
  const { detector, subject = '', host = '', container = '', user = '' } = alert;
  return [detector, subject, host, container, user].join('\u0000');
}
