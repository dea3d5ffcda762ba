import { readInput } from '../../src/inspect/image/inputs/read-input.ts';
import { SceneParts } from '../../src/inspect/image/inputs/scene-parts.ts';
import { allChecks, runChecks } from '../../src/inspect/image/run-checks.ts';

const now = Date.UTC(2026, 0, 1) * 1000;

/** Sentences of one check about inputs; each input is a name and a text. */
export function sentences(id: string, ...inputs: readonly (readonly [name: string, text: string])[]): string[] {
  const parts = new SceneParts();
  for (const [name, text] of inputs) {
    if (!readInput(`/${name}`, text, parts)) throw new Error(`${name} is in no known format`);
  }
  const asked = allChecks.filter((check) => check.id === id);
  if (asked.length !== 1) throw new Error(`there is no check ${id}`);
  return runChecks(parts.scene(now), asked).claims.map(({ sentence = '' }) => sentence);
}

/** A Compose file with one service; lines are put below it. */
export function service(lines: readonly string[]): readonly [string, string] {
  return ['compose.yml', `services:\n  web:\n    image: web:1.2\n${lines.map((line) => `    ${line}\n`).join('')}`];
}

/** A Dockerfile of one stage. */
export function dockerfile(...lines: readonly string[]): readonly [string, string] {
  return ['Dockerfile', `FROM base:1.2\n${lines.join('\n')}\n`];
}

/** A pod, or an object of another kind that is given its settings in the same place. */
export function pod(spec: object, container: object = {}, kind = 'Pod'): readonly [string, string] {
  const whole = { ...spec, containers: [{ name: 'app', image: 'app:1', ...container }] };
  const object = { apiVersion: 'v1', kind, metadata: { name: 'p' }, spec: whole };
  return ['pod.json', JSON.stringify(object, undefined, 1)];
}

/** What a check says of an input. */
export type CheckCase = readonly [id: string, input: readonly [name: string, text: string], said: readonly string[]];
