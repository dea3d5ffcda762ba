import { normalPath } from '../../../tree/tree.ts';
import { listOf, member, textOf, type Json } from '../../json.ts';
import type { DiskSection } from '../../spool.ts';
import { blockBytes } from '../../tar/header.ts';
import { TarReader } from '../../tar/tar-reader.ts';
import { headerOf } from '../../tar/write-member.ts';

/** Kinds of a change in Docker's API: 0 modified, 1 added, 2 deleted. */
const deleted = 2;

/** Paths that a container has changed since it began. */
export interface Changes {
  readonly written: ReadonlySet<string>;
  readonly removed: readonly string[];
}

/** What `GET /containers/NAME/changes` says; nothing when nothing was changed. */
export function readChanges(json: Json): Changes {
  const written = new Set<string>();
  const removed: string[] = [];
  for (const change of listOf(json)) {
    const path = textOf(member(change, 'Path'));
    if (path === undefined) continue;
    if (member(change, 'Kind') === deleted) removed.push(normalPath(path));
    else written.add(normalPath(path));
  }
  return { written, removed };
}

/**
 * What a container has written, as the tar of one more layer: members of its exported filesystem with all their headers as they are, and a
 * whiteout for each path that is gone. A hard link to a file of the image stays one.
 */
export function writtenTar(exported: DiskSection, changes: Changes): { chunks(): Generator<Buffer> } {
  const ranges = rangesOf(exported, changes.written);
  return {
    *chunks() {
      for (const [from, to] of ranges) yield* exported.section(from, to - from).chunks();
      for (const path of changes.removed) yield whiteoutOf(path);
      yield Buffer.alloc(2 * blockBytes);
    },
  };
}

/** Where the wanted members stand, with the extended headers before them; neighbours are one range. */
function rangesOf(exported: DiskSection, wanted: ReadonlySet<string>): (readonly [from: number, to: number])[] {
  const ranges: [number, number][] = [];
  let start = 0;
  const reader = new TarReader({
    member: ({ name, offset, storedSize }) => {
      const end = offset + Math.ceil(storedSize / blockBytes) * blockBytes;
      const last = ranges.at(-1);
      if (wanted.has(normalPath(name))) {
        if (last?.[1] === start) last[1] = end;
        else ranges.push([start, end]);
      }
      start = end;
    },
    // The archive's own reader has told of the same damage.
    problem: () => undefined,
  });
  for (const chunk of exported.chunks()) reader.push(chunk);
  return ranges;
}

function whiteoutOf(path: string): Buffer {
  const slash = path.lastIndexOf('/');
  const name = `${path.slice(1, slash + 1)}.wh.${path.slice(slash + 1)}`;
  const file = { path: name, type: 'file', size: 0, mode: 0, uid: 0, gid: 0, mtime: 0 } as const;
  return headerOf(name, file) ?? Buffer.alloc(0);
}
