import type { Location } from '../../../base/errors.ts';

/** Where something is said: a file, the line in it, and the way to the value inside the document. */
export interface Place extends Location {
  readonly path: string;
  /** `HostConfig.Privileged`, `spec.containers[0].securityContext`; absent where a file has no structure. */
  readonly pointer?: string;
}

/** A value with the place where it is said. */
export interface Located<T> {
  readonly value: T;
  readonly at: Place;
}

/** `docker-compose.yml:12 (services.web.privileged)`. */
export function formatPlace({ path, line, pointer }: Place): string {
  const where = line === undefined ? path : `${path}:${line}`;
  return pointer === undefined || pointer === '' ? where : `${where} (${pointer})`;
}
