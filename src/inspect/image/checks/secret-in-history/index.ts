import { defineCheck, type Fault } from '../../check.ts';
import type { Place } from '../../inputs/place.ts';
import { shellCommands } from '../../inputs/shell.ts';
import { assignedInLines, assignedInWords } from '../../secrets/assigned.ts';
import { isSecretVariable, masked } from '../../secrets/assignment.ts';
import { findSecrets } from '../../secrets/find.ts';
import { cis, cwe } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'secret-in-history',
  title: 'secret in the history of an image',
  severity: 'high',
  why: 'Arguments and commands of the build are part of the image: `docker history --no-trunc` shows them to everybody.',
  fix: 'exchange the secret, and hand it to the build with `RUN --mount=type=secret`',
  vanishes: 'the history did not name it',
  references: [...cis('4.10'), ...cwe(538)],
  guide: ['C04'],
  attack: ['T1552.001'],
  *image({ at, history, env }) {
    for (const [index, line] of history.entries()) {
      const place = { ...at, pointer: `history[${index}]` };
      const [known] = findSecrets(line);
      if (known !== undefined) {
        yield {
          at: place,
          what: `shows a ${known.pattern.title} in step ${index}`,
          reasons: [{ what: 'value', value: masked(known.secret) }],
        };
      }
      // What the environment keeps is told of the environment.
      const variable = variablesOf(line).find(
        ([name, value]) => isSecretVariable(name, value) && !env.includes(`${name}=${value}`),
      );
      if (variable !== undefined && known === undefined) {
        yield {
          at: place,
          what: `shows ${variable[0]} in step ${index}`,
          reasons: [{ what: 'value', value: masked(variable[1]) }],
        };
      }
      if (known === undefined && variable === undefined) yield* assignedIn(line, index, place);
    }
  },
});

/** Arguments of the build that BuildKit and the old builder put before a command (`|1 TOKEN=… /bin/sh -c`), and those of ARG and ENV. */
function variablesOf(line: string): (readonly [name: string, value: string])[] {
  const head = /^(?:RUN\s{1,4})?\|\d{1,3}\s(?<arguments>[^]{0,4000}?)\s\/bin\/sh -c/.exec(line)?.groups?.['arguments'];
  const instruction = /^(?:\/bin\/sh -c #\(nop\)\s{1,4})?(?:ARG|ENV)\s{1,4}(?<arguments>[^]{0,4000})$/.exec(line)
    ?.groups?.['arguments'];
  return [...(head ?? instruction ?? '').matchAll(/(?<name>\w{3,100})=(?<value>\S{1,500})/g)].map(({ groups }) => [
    groups?.['name'] ?? '',
    groups?.['value'] ?? '',
  ]);
}

/** What a command of the build or a label of the image gives a telling name. */
function* assignedIn(line: string, index: number, at: Place): Generator<Fault> {
  const step = /^(?:RUN|LABEL|CMD|ENTRYPOINT|\/bin\/sh -c)\s(?<text>[^]{0,20000})/.exec(line)?.groups?.['text'];
  if (step === undefined) return;
  const words = shellCommands(step).flatMap((command) => command.words);
  const [first] = [...assignedInWords(words), ...assignedInLines(step)];
  if (first === undefined) return;
  yield {
    at,
    what: `shows ${first.name} in step ${index}`,
    severity: 'medium',
    reasons: [{ what: 'value', value: masked(first.value) }],
  };
}
