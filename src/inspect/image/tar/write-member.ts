import { microsPerSecond } from '../../../base/time.ts';
import type { TreeEntry, TreeEntryType } from '../../tree/tree.ts';
import { blockBytes } from './header.ts';

const flags: Readonly<Partial<Record<TreeEntryType, string>>> = {
  file: '0',
  symlink: '2',
  character: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};
const nameBytes = 100;
/** What twelve and eight octal digits can hold. */
const maxSize = 0o77777777777;
const maxId = 0o7777777;

/** The header of a member (POSIX ustar), with an extended one before it for what does not fit. Undefined for a socket, which no tar has. */
export function headerOf(name: string, entry: TreeEntry): Buffer | undefined {
  const flag = flags[entry.type];
  if (flag === undefined) return undefined;
  const target = entry.target ?? '';
  const extended = [
    ...(Buffer.byteLength(name) > nameBytes ? [['path', name] as const] : []),
    ...(Buffer.byteLength(target) > nameBytes ? [['linkpath', target] as const] : []),
    ...(entry.size > maxSize ? [['size', String(entry.size)] as const] : []),
    ...(entry.uid > maxId ? [['uid', String(entry.uid)] as const] : []),
    ...(entry.gid > maxId ? [['gid', String(entry.gid)] as const] : []),
  ];
  const header = blockOf(name, flag, entry, target);
  if (extended.length === 0) return header;
  const records = Buffer.from(extended.map(([key, value]) => paxRecord(key, value)).join(''));
  const before = blockOf('extended', 'x', { ...entry, size: records.length }, '');
  return Buffer.concat([before, records, paddingOf(records.length), header]);
}

/** Zeros up to the next block. */
export function paddingOf(size: number): Buffer {
  return Buffer.alloc((blockBytes - (size % blockBytes)) % blockBytes);
}

function blockOf(name: string, flag: string, entry: TreeEntry, target: string): Buffer {
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, at: number, digits: number): void => {
    block.write(Math.max(0, Math.floor(value)).toString(8).padStart(digits, '0').slice(-digits), at, 'latin1');
  };
  block.write(name, 0, nameBytes);
  octal(entry.mode, 100, 7);
  octal(entry.uid, 108, 7);
  octal(entry.gid, 116, 7);
  octal(entry.size, 124, 11);
  octal(entry.mtime / microsPerSecond, 136, 11);
  block.fill(' ', 148, 156);
  block.write(flag, 156, 'latin1');
  block.write(target, 157, nameBytes);
  block.write('ustar\u000000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** `LENGTH KEY=VALUE\n`: the length counts its own digits. */
function paxRecord(key: string, value: string): string {
  const bytes = Buffer.byteLength(` ${key}=${value}\n`);
  let length = bytes + 1;
  while (bytes + String(length).length !== length) length = bytes + String(length).length;
  return `${length} ${key}=${value}\n`;
}
