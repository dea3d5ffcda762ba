import { readFileSync } from 'node:fs';
import { messageOf, VakthundError } from '../../../../base/errors.ts';
import { member, parseJson, textOf, type Json } from '../../json.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
  /** An OAuth2 refresh token in place of the password. */
  readonly identityToken?: string;
}

/** Docker Hub stands in these files under a name of old. */
const hubNames = ['https://index.docker.io/v1/', 'index.docker.io', 'docker.io'];

/**
 * Credentials for a repository out of files in the form of docker's `config.json` and containers' `auth.json`: the entry of the
 * longest name that is the registry or a part of `registry/repository` counts, in the first file that has one. Helper programs are not run.
 * A file that is not there is skipped; throws `CONFIG` for one that cannot be read.
 */
export function findCredentials(
  files: readonly string[],
  registry: string,
  repository: string,
): Credentials | undefined {
  for (const file of files) {
    const auths = member(readAuthFile(file), 'auths');
    for (const name of namesFor(registry, repository)) {
      const found = readEntry(member(auths, name));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function readAuthFile(path: string): Json {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new VakthundError('CONFIG', `the credentials in "${path}" cannot be read: ${messageOf(error)}`);
  }
  return parseJson(bytes, `file of credentials "${path}"`);
}

/** Longest first: `host/a/b`, `host/a`, `host`, and the ways in which docker writes a host. */
function* namesFor(registry: string, repository: string): Generator<string> {
  const parts = repository.split('/');
  for (let count = parts.length; count > 0; count--) yield `${registry}/${parts.slice(0, count).join('/')}`;
  if (registry === 'docker.io') yield* hubNames;
  yield* [registry, `https://${registry}`, `https://${registry}/v1/`, `https://${registry}/v2/`, `http://${registry}`];
}

function readEntry(entry: Json): Credentials | undefined {
  const plain = Buffer.from(textOf(member(entry, 'auth')) ?? '', 'base64').toString('utf8');
  const colon = plain.indexOf(':');
  const user = colon < 0 ? textOf(member(entry, 'username')) : plain.slice(0, colon);
  const password = colon < 0 ? textOf(member(entry, 'password')) : plain.slice(colon + 1);
  const identityToken = textOf(member(entry, 'identitytoken'));
  if (user === undefined || (password === undefined && identityToken === undefined)) return undefined;
  return { user, password: password ?? '', ...(identityToken === undefined ? {} : { identityToken }) };
}
