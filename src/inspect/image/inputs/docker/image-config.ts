import { parseIsoMicros } from '../../../../base/time.ts';
import type { Cursor } from '../cursor.ts';
import type { ImageFacts } from '../image/image-facts.ts';

/** One object of `docker image inspect`, or the configuration of an image by itself (OCI image-spec, config.md). */
export function isImageConfig(cursor: Cursor): boolean {
  const isInspected = cursor.get('RootFS').isThere && cursor.get('RepoTags').node?.kind === 'list';
  const isConfig = cursor.get('rootfs', 'diff_ids').node?.kind === 'list' && cursor.get('architecture').isThere;
  return isInspected || isConfig;
}

/** What an image says of itself; its files are not seen. */
export function imageOfConfig(cursor: Cursor): ImageFacts {
  const config = cursor.get('Config').isThere ? cursor.get('Config') : cursor.get('config');
  const texts = (key: string): string[] =>
    config
      .get(key)
      .texts()
      .map(({ value }) => value);
  const names = (key: string): string[] =>
    config
      .get(key)
      .entries()
      .map(([name]) => name);
  const [tag] = cursor.get('RepoTags').texts();
  const test = config.get('Healthcheck', 'Test').texts();
  return {
    name: tag?.value ?? cursor.get('Id').text() ?? cursor.place.path,
    at: cursor.place,
    hasConfig: true,
    user: config.get('User').text() ?? '',
    env: texts('Env'),
    exposedPorts: names('ExposedPorts'),
    volumes: names('Volumes'),
    workingFolder: config.get('WorkingDir').text() ?? '',
    healthcheck: test.length === 0 ? undefined : test.map(({ value }) => value),
    start: [...texts('Entrypoint'), ...texts('Cmd')],
    history: cursor
      .get('history')
      .items()
      .map((line) => line.get('created_by').text() ?? ''),
    created: parseIsoMicros(cursor.get('Created').text() ?? cursor.get('created').text() ?? ''),
    files: undefined,
  };
}
