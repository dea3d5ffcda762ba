import { defineCheck, type Fault } from '../../check.ts';
import { assignmentsOf, placeOf, type BuildFile } from '../../inputs/build-file.ts';
import type { Place } from '../../inputs/place.ts';
import { isSecretVariable, masked } from '../../secrets/assignment.ts';
import { findSecrets } from '../../secrets/find.ts';
import { cis, cwe } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'secret-in-environment',
  title: 'secret in the environment',
  severity: 'high',
  why: 'Variables are shown by `docker inspect`, passed on to every process, written to logs and crash reports, and those of an image are in its history for ever.',
  fix: 'hand it over as a file (secrets of the engine or orchestrator, `RUN --mount=type=secret`), and exchange the one that was told',
  vanishes: 'the value were not written there',
  references: [...cis('4.10'), ...cwe(526)],
  guide: ['C04'],
  attack: ['T1552.001', 'T1552.007'],
  *workload({ env }) {
    for (const { name, value, at } of env) yield* secretIn(name, value, at, 'has');
  },
  *image({ at, env }) {
    for (const [index, variable] of env.entries()) {
      const equals = variable.indexOf('=');
      const place = { ...at, pointer: `config.Env[${index}]` };
      yield* secretIn(variable.slice(0, Math.max(equals, 0)), variable.slice(equals + 1), place, 'sets');
    }
  },
  *build(build) {
    yield* variablesOf(build, 'ENV');
    yield* variablesOf(build, 'ARG');
  },
});

function* variablesOf({ stages }: BuildFile, kind: 'ENV' | 'ARG'): Generator<Fault> {
  for (const instruction of stages.flatMap(({ instructions }) => instructions)) {
    if (instruction.name !== kind) continue;
    for (const [name, value] of assignmentsOf(instruction)) {
      if (value !== undefined) yield* secretIn(name, value, placeOf(instruction, value), `sets by ${kind}`);
    }
  }
}

function* secretIn(name: string, value: string, at: Place, verb: string): Generator<Fault> {
  const [known] = findSecrets(value);
  if (known === undefined && !isSecretVariable(name, value)) return;
  const what = known === undefined ? 'a secret by its name' : `a ${known.pattern.title}`;
  yield { at, what: `${verb} ${name}, ${what}`, reasons: [{ what: 'value', value: masked(value) }] };
}
