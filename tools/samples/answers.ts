import { formatIso, type Micros } from '../../src/base/time.ts';
import { dayText } from './base/clock.ts';
import { controlSite, implant, staging, tunnelDomain } from './intrusion/lair.ts';
import { steps, type StepId } from './intrusion/steps.ts';
import type { Evidence } from './model/evidence.ts';
import { sampleSeed } from './model/scene.ts';
import { dockerHost } from './world/hosts.ts';
import { intruderAddresses } from './world/sites.ts';
import type { SampleFile } from './writers/assemble.ts';

/** What is hidden in `samples/intrusion`, for people and for tests. */
export interface Answers {
  readonly day: string;
  readonly seed: string;
  readonly entities: readonly { readonly kind: string; readonly value: string }[];
  readonly steps: readonly StepAnswer[];
}

export interface StepAnswer {
  readonly id: StepId;
  readonly title: string;
  readonly attack: readonly string[];
  readonly first: string;
  readonly last: string;
  /** Files below `samples/intrusion` with line numbers (`12`, `15-18`) in the uncompressed text. */
  readonly lines: Readonly<Record<string, string>>;
}

export function answersOf(evidence: Evidence, files: readonly SampleFile[]): Answers {
  return {
    day: dayText,
    seed: sampleSeed,
    entities: [
      { kind: 'host', value: dockerHost.name },
      { kind: 'container', value: 'web01' },
      { kind: 'address', value: dockerHost.ip },
      { kind: 'address', value: intruderAddresses.scanner },
      { kind: 'address', value: staging.address },
      { kind: 'address', value: controlSite.address },
      { kind: 'domain', value: controlSite.name },
      { kind: 'domain', value: tunnelDomain },
      { kind: 'file', value: implant.hostPath },
      { kind: 'file', value: implant.cronHostPath },
    ],
    steps: Object.entries(steps).map(([key, { title, attack }]) => {
      const id = key as StepId;
      const times = timesOf(evidence, id);
      const lines: Record<string, string> = {};
      for (const file of files) {
        const numbers = file.stepLines.get(id);
        if (numbers !== undefined) lines[file.path] = ranges(numbers);
      }
      return { id, title, attack, first: formatIso(Math.min(...times)), last: formatIso(Math.max(...times)), lines };
    }),
  };
}

function timesOf(evidence: Evidence, id: StepId): Micros[] {
  const timed = [...evidence.audit, ...evidence.falco].filter((entry) => entry.step === id).map((entry) => entry.time);
  return [...timed, ...evidence.flows.filter((flow) => flow.step === id).map((flow) => flow.start)];
}

/** `3,5-9`. */
function ranges(numbers: readonly number[]): string {
  const parts: string[] = [];
  let first = numbers[0];
  let last = first;
  const close = (): void => {
    if (first !== undefined && last !== undefined) parts.push(first === last ? String(first) : `${first}-${last}`);
  };
  for (const number of numbers.slice(1)) {
    if (last !== undefined && number === last + 1) {
      last = number;
      continue;
    }
    close();
    first = number;
    last = number;
  }
  close();
  return parts.join(',');
}
