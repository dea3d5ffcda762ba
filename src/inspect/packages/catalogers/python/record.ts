import { normalPath } from '../../../tree/tree.ts';
import type { OwnedFile } from '../../package.ts';

const algorithms: ReadonlySet<string> = new Set(['md5', 'sha1', 'sha256', 'sha384', 'sha512']);
type Algorithm = NonNullable<OwnedFile['digest']>['algorithm'];

/**
 * Files of a RECORD (packaging.python.org, recording-installed-packages): `path,algorithm=base64url,size`, relative to the folder of the
 * metadata folder. A path with a comma or quote is in quotes.
 */
export function parseRecord(text: string, folder: string): OwnedFile[] {
  const files: OwnedFile[] = [];
  for (const line of text.split('\n')) {
    const pattern = /^(?:"(?<quoted>(?:[^"]|"")*)"|(?<plain>[^,"]*)),(?<digest>[^,]*),\d*\r?$/;
    const { quoted, plain, digest = '' } = pattern.exec(line)?.groups ?? {};
    const path = quoted?.replaceAll('""', '"') ?? plain ?? '';
    if (path === '') continue;
    files.push({ path: normalPath(path.startsWith('/') ? path : `${folder}/${path}`), ...digestOf(digest) });
  }
  return files;
}

function digestOf(text: string): Pick<OwnedFile, 'digest'> {
  const [algorithm = '', value = ''] = text.split('=');
  if (!algorithms.has(algorithm) || !/^[\w-]{20,90}$/.test(value)) return {};
  return { digest: { algorithm: algorithm as Algorithm, hex: Buffer.from(value, 'base64url').toString('hex') } };
}
