import { parseIsoMicros } from '../../base/time.ts';
import type { HistoryLine, ImageConfig, Platform } from './image.ts';
import { listOf, member, namesOf, recordOf, textOf, textsOf, type Json } from './json.ts';

/** Reads what an image says of itself: OCI image-spec (config.md) and Docker's image-spec v1.2, which has the same names. */
export function readConfig(json: Json): ImageConfig {
  const run = member(json, 'config');
  const created = timeOf(member(json, 'created'));
  const healthcheck = textsOf(member(member(run, 'Healthcheck'), 'Test'));
  const author = textOf(member(json, 'author'));
  const workingDir = textOf(member(run, 'WorkingDir'));
  const stopSignal = textOf(member(run, 'StopSignal'));
  return {
    platform: readPlatform(json),
    user: textOf(member(run, 'User')) ?? '',
    env: textsOf(member(run, 'Env')),
    entrypoint: textsOf(member(run, 'Entrypoint')),
    cmd: textsOf(member(run, 'Cmd')),
    exposedPorts: namesOf(member(run, 'ExposedPorts')),
    volumes: namesOf(member(run, 'Volumes')),
    labels: recordOf(member(run, 'Labels')),
    shell: textsOf(member(run, 'Shell')),
    onBuild: textsOf(member(run, 'OnBuild')),
    history: readHistory(listOf(member(json, 'history'))),
    diffIds: textsOf(member(member(json, 'rootfs'), 'diff_ids')),
    ...(created === undefined ? {} : { created }),
    ...(author === undefined ? {} : { author }),
    ...(workingDir === undefined ? {} : { workingDir }),
    ...(stopSignal === undefined ? {} : { stopSignal }),
    ...(healthcheck.length === 0 ? {} : { healthcheck }),
  };
}

export function readPlatform(json: Json): Platform {
  const variant = textOf(member(json, 'variant'));
  return {
    os: textOf(member(json, 'os')) ?? '',
    architecture: textOf(member(json, 'architecture')) ?? '',
    ...(variant === undefined ? {} : { variant }),
  };
}

function readHistory(lines: readonly Json[]): HistoryLine[] {
  let layer = 0;
  return lines.map((line) => {
    const created = timeOf(member(line, 'created'));
    const author = textOf(member(line, 'author'));
    const comment = textOf(member(line, 'comment'));
    const isEmpty = member(line, 'empty_layer') === true;
    return {
      createdBy: textOf(member(line, 'created_by')) ?? '',
      isEmpty,
      ...(isEmpty ? {} : { layer: layer++ }),
      ...(created === undefined ? {} : { created }),
      ...(author === undefined ? {} : { author }),
      ...(comment === undefined ? {} : { comment }),
    };
  });
}

/** Reproducible builds write the year 1: that is no time. */
function timeOf(value: Json): number | undefined {
  const time = parseIsoMicros(textOf(value) ?? '');
  return time === undefined || time < 0 ? undefined : time;
}
