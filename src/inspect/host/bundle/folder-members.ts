import { createReadStream, lstatSync, readdirSync, readlinkSync, type Dirent } from 'node:fs';
import { Readable } from 'node:stream';
import { messageOf } from '../../../base/errors.ts';
import type { ProblemList } from '../../../base/problem.ts';
import type { Member } from './member.ts';

/** Folders inside each other that are looked into. */
const maxDepth = 200;

/** What stands in a folder into which a collection was unpacked, in the order of names. Links are told, not followed. */
export async function* folderMembers(folder: string, problems: ProblemList): AsyncGenerator<Member> {
  yield* below(folder, '', 0, problems);
}

async function* below(folder: string, prefix: string, depth: number, problems: ProblemList): AsyncGenerator<Member> {
  for (const { name } of listed(folder, problems)) {
    const at = `${folder}/${name}`;
    try {
      const stat = lstatSync(at);
      const facts = { mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid, mtime: Math.round(stat.mtimeMs * 1000) };
      const member = { name: prefix + name, size: 0, facts, content: Readable.from([]) };
      if (stat.isSymbolicLink()) {
        yield { ...member, type: 'symlink', facts: { ...facts, target: readlinkSync(at) } };
      } else if (stat.isFile()) {
        const content = createReadStream(at, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
        yield { ...member, type: 'file', size: stat.size, content, isApart: true };
      } else if (stat.isDirectory()) {
        yield { ...member, type: 'directory' };
        if (depth < maxDepth) yield* below(at, `${prefix}${name}/`, depth + 1, problems);
        else problems.add({ code: 'limit-reached', at: { path: at }, message: `more than ${maxDepth} folders deep` });
      }
    } catch (error) {
      problems.add({ code: 'unreadable', at: { path: at }, message: messageOf(error) });
    }
  }
}

function listed(folder: string, problems: ProblemList): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((left, right) => (left.name < right.name ? -1 : 1));
  } catch (error) {
    problems.add({ code: 'unreadable', at: { path: folder }, message: messageOf(error) });
    return [];
  }
}
