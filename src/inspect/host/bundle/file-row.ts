import { z } from 'zod';
import type { RecordingTree } from '../../tree/recording-tree.ts';
import type { StoredEntry } from '../../tree/stored-tree.ts';
import { normalPath, type TreeEntry } from '../../tree/tree.ts';

/** One line of `files.jsonl`: an entry of a tree, its digests, and what `lstat` does not tell. */
const rowSchema = z.object({
  path: z.string().max(4096).transform(normalPath),
  type: z.enum(['file', 'directory', 'symlink', 'character', 'block', 'fifo', 'socket']),
  size: z.number().nonnegative(),
  mode: z.number().int().min(0).max(0o7777),
  uid: z.number().int(),
  gid: z.number().int(),
  mtime: z.number(),
  ctime: z.number().exactOptional(),
  btime: z.number().exactOptional(),
  atime: z.number().exactOptional(),
  device: z.number().exactOptional(),
  inode: z.number().exactOptional(),
  links: z.number().exactOptional(),
  target: z.string().max(4096).exactOptional(),
  digests: z.record(z.string(), z.string()).exactOptional(),
  /** Values in base64. */
  xattrs: z.record(z.string(), z.string()).exactOptional(),
  flags: z.object({ isImmutable: z.boolean(), isAppendOnly: z.boolean() }).exactOptional(),
});

/** The line of an entry, without an end. */
export function fileRow(entry: TreeEntry, seen: RecordingTree): string {
  const { path } = entry;
  const digests = seen.digests.get(path);
  const xattrs = seen.attributes.get(path);
  const flags = seen.marks.get(path);
  return JSON.stringify({
    ...entry,
    ...(digests === undefined ? {} : { digests }),
    ...(xattrs === undefined ? {} : { xattrs: base64Of(xattrs) }),
    ...(flags === undefined ? {} : { flags }),
  });
}

/** The entry of a line; undefined for a line that is none. */
export function storedEntryOf(line: string): StoredEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const parsed = rowSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { digests, xattrs, flags, ...entry } = parsed.data;
  return {
    entry,
    ...(digests === undefined ? {} : { digests }),
    ...(xattrs === undefined ? {} : { xattrs: buffersOf(xattrs) }),
    ...(flags === undefined ? {} : { flags }),
  };
}

function base64Of(values: ReadonlyMap<string, Buffer>): Record<string, string> {
  return Object.fromEntries([...values].map(([name, value]) => [name, value.toString('base64')]));
}

function buffersOf(values: Readonly<Record<string, string>>): Map<string, Buffer> {
  return new Map(Object.entries(values).map(([name, value]) => [name, Buffer.from(value, 'base64')]));
}
