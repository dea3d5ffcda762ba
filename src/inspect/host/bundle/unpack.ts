import { createHash } from 'node:crypto';
import { formatBytes } from '../../../base/bytes.ts';
import { messageOf } from '../../../base/errors.ts';
import { quote, type ProblemList } from '../../../base/problem.ts';
import { ContentFile, type ContentPlace } from '../../tree/content-file.ts';
import type { BundleLimits } from './bundle.ts';
import type { Member } from './member.ts';
import { readMembers } from './read-members.ts';

/** A member whose content stands in the content file. */
export interface UnpackedMember extends Omit<Member, 'content' | 'linkTo' | 'isApart'> {
  readonly place: ContentPlace;
  readonly sha256: string;
}

/** All members of a bundle: contents in one file without a name, the rest in memory. The last of two with the same name counts. */
export interface Unpacked {
  readonly path: string;
  readonly members: ReadonlyMap<string, UnpackedMember>;
  readonly contents: ContentFile;
}

export async function unpackBundle(path: string, limits: BundleLimits, problems: ProblemList): Promise<Unpacked> {
  const contents = new ContentFile();
  const members = new Map<string, UnpackedMember>();
  try {
    let count = 0;
    for await (const { content, linkTo, isApart, ...member } of readMembers(path, problems)) {
      const name = cleanName(member.name);
      if (name === '') continue;
      if (name === undefined) {
        const message = `the member name ${quote(member.name)} points outside; it was skipped`;
        problems.add({ code: 'unsafe-path', at: { path }, message });
        continue;
      }
      if (++count > limits.members || contents.size >= limits.bytes) {
        const bound = count > limits.members ? `${limits.members} members` : formatBytes(limits.bytes);
        const message = `the bundle has more than ${bound}; the rest was not read`;
        problems.add({ code: 'limit-reached', at: { path }, message });
        break;
      }
      if (linkTo !== undefined) {
        const target = members.get(cleanName(linkTo) ?? '');
        if (target !== undefined) members.set(name, { ...target, ...member, name, size: target.size });
        else {
          const message = `${quote(name)} is a link to ${quote(linkTo)}, which is not before it; it was not read`;
          problems.add({ code: 'bad-record', at: { path }, message });
        }
        continue;
      }
      const kept = await keep(content, contents, limits.bytes);
      if (kept.isCut) {
        const message = `the bundle takes more than ${formatBytes(limits.bytes)}; ${quote(name)} was cut`;
        problems.add({ code: 'limit-reached', at: { path }, message });
      }
      members.set(name, { ...member, name, place: kept.place, sha256: kept.sha256 });
      if (kept.damage === undefined) continue;
      if (isApart === true) {
        problems.add({ code: 'unreadable', at: { path }, message: `${quote(name)}: ${kept.damage}` });
        continue;
      }
      const message = `the bundle is damaged in ${quote(name)}: ${kept.damage}; what came before was read`;
      problems.add({ code: 'decompress-failed', at: { path }, message });
      break;
    }
  } catch (error) {
    contents.close();
    throw error;
  }
  return { path, members, contents };
}

interface Kept {
  readonly place: ContentPlace;
  readonly sha256: string;
  readonly isCut: boolean;
  /** Why it ends early. */
  readonly damage: string | undefined;
}

async function keep(content: AsyncIterable<Buffer>, into: ContentFile, limit: number): Promise<Kept> {
  const hash = createHash('sha256');
  const offset = into.size;
  let isCut = false;
  let damage: string | undefined;
  try {
    for await (const chunk of content) {
      const part = chunk.subarray(0, Math.max(0, limit - into.size));
      isCut = part.length < chunk.length;
      hash.update(part);
      into.append(part);
      if (isCut) break;
    }
  } catch (error) {
    damage = messageOf(error);
  }
  return { place: { offset, length: into.size - offset }, sha256: hash.digest('hex'), isCut, damage };
}

/** The name without `./` in front, empty for the folder of all (`./`); undefined for one that leads outside. */
function cleanName(name: string): string | undefined {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..') || parts.length > 256) return undefined;
  return parts.join('/');
}

/** A member as text; undefined when there is none, or it is larger than is held in memory. */
export function textOf({ members, contents }: Unpacked, name: string, maxBytes: number): string | undefined {
  const member = members.get(name);
  if (member === undefined || member.place.length > maxBytes) return undefined;
  return contents.read(member.place).toString('utf8');
}

/** Lines of a member without their ends, read in pieces. */
export function* linesOf({ members, contents }: Unpacked, name: string): Generator<string> {
  const place = members.get(name)?.place;
  if (place === undefined) return;
  let rest = Buffer.alloc(0);
  for (let at = 0; at < place.length; at += partBytes) {
    const bytes = Buffer.concat([rest, contents.read(place, at, partBytes)]);
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      yield bytes.toString('utf8', start, end);
      start = end + 1;
    }
    rest = bytes.subarray(start);
    // A line that is longer than any honest one is no line.
    if (rest.length > maxLineBytes) return;
  }
  if (rest.length > 0) yield rest.toString('utf8');
}

const partBytes = 1 << 20;
const maxLineBytes = 2 ** 25;
