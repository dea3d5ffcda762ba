import { VakthundError } from '../../base/errors.ts';
import { quote } from '../../base/problem.ts';

/** The name of an image in a registry, in full. */
export interface RegistryReference {
  /** Host and port: `docker.io`, `127.0.0.1:5000`. */
  readonly registry: string;
  /** `library/alpine`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

const dockerHub = 'docker.io';
const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagForm = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const digestForm = /^sha256:[0-9a-f]{64}$/;
const hostForm = /^(?:[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9][A-Za-z0-9-]*)*|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?$/;

/**
 * Reads a name as Docker does (distribution's reference grammar): what stands before the first slash is a registry when it has
 * a dot or a colon or is `localhost`; without one it is Docker Hub's, and without a namespace there `library`. Tag and digest
 * may be missing. Throws `USAGE`.
 */
export function parseReference(text: string): RegistryReference {
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const name = at < 0 ? text : text.slice(0, at);
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : name.slice(colon + 1);
  const path = colon < 0 ? name : name.slice(0, colon);
  const slash = path.indexOf('/');
  const first = path.slice(0, Math.max(slash, 0));
  const hasRegistry = /[.:[]/.test(first) || first === 'localhost';
  const registry = hasRegistry && first !== 'index.docker.io' ? first : dockerHub;
  const rest = hasRegistry ? path.slice(slash + 1) : path;
  const repository = registry === dockerHub && !rest.includes('/') ? `library/${rest}` : rest;
  const isValid =
    text.length <= 4096 &&
    hostForm.test(registry) &&
    repository.split('/').every((part) => component.test(part)) &&
    (tag === undefined || tagForm.test(tag)) &&
    (digest === undefined || digestForm.test(digest));
  if (!isValid) {
    throw new VakthundError('USAGE', `${quote(text)} is no name of an image`, {
      hint: 'such as: alpine:3.20, registry.example:5000/team/app@sha256:…, a file or a folder',
    });
  }
  return {
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** One text for all ways to write a name: `alpine` is `docker.io/library/alpine:latest`. What is no name stays as it is. */
export function familiarName(text: string): string {
  try {
    const { registry, repository, tag, digest } = parseReference(text);
    const end = digest === undefined ? `:${tag ?? 'latest'}` : `@${digest}`;
    return `${registry}/${repository}${end}`;
  } catch {
    return text;
  }
}
