import { defineCheck, type Fault } from '../../check.ts';
import { commandsOf, placeOf, type BuildFile, type BuildInstruction } from '../../inputs/build-file.ts';
import type { Place } from '../../inputs/place.ts';
import { argumentsOf, shellCommands } from '../../inputs/shell.ts';
import type { EnvVariable } from '../../inputs/workload.ts';
import { assignedInLines, assignedInWords, type Assigned } from '../../secrets/assigned.ts';
import { isSecretVariable, masked } from '../../secrets/assignment.ts';
import { findSecrets, type FoundSecret } from '../../secrets/find.ts';
import { cis, cwe } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'secret-in-instruction',
  title: 'secret written into a build or a service',
  severity: 'high',
  why: 'Commands, labels and here-documents of a build are in the history or the files of the image; labels, arguments and commands of a service are shown by `docker inspect` and `ps`.',
  fix: 'hand it over as a file (secrets of the engine or orchestrator, `RUN --mount=type=secret`), and exchange the one that was told',
  vanishes: 'the value were not written there',
  references: [...cis('4.10'), ...cwe(540)],
  guide: ['C04'],
  attack: ['T1552.001'],
  *build(build) {
    for (const instruction of instructionsOf(build)) {
      const { name, text } = instruction;
      const at = (value: string): Place => placeOf(instruction, value);
      const known = findSecrets(text);
      yield* knownFaults(known, at, `has in ${name}`);
      yield* namedFaults(assignedIn(instruction), known, at, `has in ${name}`);
    }
  },
  *workload({ buildArguments = [], labels = [], command, at }) {
    for (const one of buildArguments) yield* variable(one, 'hands to the build');
    for (const one of labels) yield* variable(one, 'has the label');
    const text = command.join(' ');
    const known = findSecrets(text);
    yield* knownFaults(known, () => at, 'is started with');
    yield* namedFaults(assignedInWords(shellCommands(text).flatMap(argumentsOf)), known, () => at, 'is started with');
  },
});

/** Where a value is written. */
type PlaceOfValue = (value: string) => Place;

/** Of what `ENV` and `ARG` set the environment is told. */
function instructionsOf({ stages }: BuildFile): BuildInstruction[] {
  return stages.flatMap(({ instructions }) => instructions).filter(({ name }) => name !== 'ENV' && name !== 'ARG');
}

function assignedIn(instruction: BuildInstruction): Assigned[] {
  const { name, text } = instruction;
  const lines = /<<-?["']?\w/.test(text) ? assignedInLines(text) : [];
  const words =
    name === 'RUN' || name === 'CMD' || name === 'ENTRYPOINT'
      ? commandsOf(instruction).flatMap((one) => one.words)
      : [];
  const label = name === 'LABEL' ? shellCommands(text).flatMap((one) => one.words) : [];
  const all = [...lines, ...assignedInWords([...words, ...label])];
  return all.filter((one, index) => all.findIndex((other) => other.value === one.value) === index);
}

function* knownFaults(known: readonly FoundSecret[], placeOfValue: PlaceOfValue, verb: string): Generator<Fault> {
  const told = new Set<string>();
  for (const { pattern, secret } of known) {
    if (told.has(secret)) continue;
    told.add(secret);
    const reasons = [{ what: 'value', value: masked(secret) }];
    yield { at: placeOfValue(secret), what: `${verb} a ${pattern.title}`, severity: pattern.severity, reasons };
  }
}

/** What is known by its form is told by that. */
function* namedFaults(
  assigned: readonly Assigned[],
  known: readonly FoundSecret[],
  placeOfValue: PlaceOfValue,
  verb: string,
): Generator<Fault> {
  for (const { name, value } of assigned) {
    if (known.some(({ secret }) => value.includes(secret) || secret.includes(value))) continue;
    const reasons = [{ what: 'value', value: masked(value) }];
    yield { at: placeOfValue(value), what: `${verb} ${name}, a secret by its name`, severity: 'medium', reasons };
  }
}

function* variable({ name, value, at }: EnvVariable, verb: string): Generator<Fault> {
  const known = findSecrets(value);
  yield* knownFaults(known, () => at, `${verb} ${name},`);
  if (isSecretVariable(name, value)) yield* namedFaults([{ name, value }], known, () => at, verb);
}
