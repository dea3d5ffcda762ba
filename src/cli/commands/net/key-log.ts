import { VakthundError } from '../../../base/errors.ts';
import { quote } from '../../../base/problem.ts';
import { readFile } from '../../../collect/open/content.ts';
import { sources } from '../../../collect/sources/registry.generated.ts';
import { KeyLog, type TlsSecrets } from '../../../collect/tls-secrets.ts';

export interface KeyLogOptions {
  readonly keylog: readonly string[];
}

/** The secrets of key logs. Throws when one cannot be read or holds none. */
export async function readKeyLogs(paths: readonly string[]): Promise<TlsSecrets> {
  const keyLog = new KeyLog();
  for (const path of paths) {
    const before = keyLog.size;
    try {
      await sources['tls-key-log'].readSecrets?.(readFile(path), keyLog);
    } catch (cause) {
      throw new VakthundError('NOT_FOUND', `${quote(path)} cannot be read`, { cause });
    }
    if (keyLog.size === before) {
      throw new VakthundError('USAGE', `${quote(path)} holds no TLS secrets`, {
        hint: 'a file written by SSLKEYLOGFILE',
      });
    }
  }
  return keyLog;
}
