import { parseBodyLine } from '../../../base/body-line.ts';
import type { LineReader, Understood } from './record.ts';

/**
 * A timeline of the file system: one record for each time that a name has. `macb` says what happened then, as `mactime` writes it:
 * content changed, read, attributes changed, created, with a dot for what did not.
 */
export function readBody(text: string): readonly Understood[] | undefined {
  const told = parseBodyLine(text);
  if (told === undefined) return undefined;
  const { name, target, type, permissions, uid, gid, size, inode, md5 } = told;
  const fields = {
    path: name,
    mode: `${type}${permissions}`,
    uid,
    gid,
    size,
    ...(target === undefined ? {} : { target }),
    ...(inode === undefined ? {} : { inode }),
    ...(md5 === undefined ? {} : { md5 }),
  };
  const times = [told.modified, told.accessed, told.changed, told.created];
  const known = [...new Set(times.filter((time) => time > 0))];
  if (known.length === 0) return [{ fields }];
  return known.map((time) => {
    const macb = times.map((one, index) => (one === time ? 'macb'.charAt(index) : '.')).join('');
    return { time, fields: { macb, ...fields } };
  });
}

/** The reader of a list of digests as `md5sum` or BSD's `md5` write it. */
export function hashReader(algorithm: string): LineReader {
  return (text) => {
    const found =
      /^\\?(?<hex>[\da-f]{32,64}) [ *]?(?<path>.{1,4096})$/i.exec(text)?.groups ??
      /^\w{3,8} ?\((?<path>.{1,4096})\) ?= ?(?<hex>[\da-f]{32,64})$/i.exec(text)?.groups;
    if (found === undefined) return undefined;
    return [{ fields: { path: found['path'] ?? '', [algorithm]: (found['hex'] ?? '').toLowerCase() } }];
  };
}
