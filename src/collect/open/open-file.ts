import { randomUUID } from 'node:crypto';
import { createWriteStream, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import yauzl from 'yauzl';
import { formatBytes } from '../../base/bytes.ts';
import { messageOf } from '../../base/errors.ts';
import { quote, type Problem } from '../../base/problem.ts';
import type { Micros } from '../../base/time.ts';
import { readContent, readStart, type Packing } from './content.ts';
import type { Leaf, OpenResult } from './leaf.ts';
import type { OpenLimits } from './limits.ts';
import { containerType } from './magic.ts';

export interface OpenContext {
  readonly limits: OpenLimits;
  /** Folder for spooled members: inside the case, owner only. */
  readonly spoolFolder: string;
}

interface Budget {
  members: number;
  bytes: number;
}

/**
 * Leaves of one file: itself, or what stands in it when it is an archive, layer by layer. A spooled member must be
 * disposed of before the next is asked for, so that an archive never takes more disk than its largest member.
 */
export async function* openFile(path: string, context: OpenContext): AsyncGenerator<OpenResult> {
  const budget: Budget = { members: context.limits.members, bytes: context.limits.spoolBytes };
  const modified = modifiedAt(path);
  const leaf: Leaf = { path, filePath: path, diskPath: path, compression: 'none', modified, dispose: () => undefined };
  yield* unwrap(leaf, context, budget, context.limits.depth);
}

/** Undefined for a file that cannot be asked; opening it will say why. */
function modifiedAt(path: string): Micros | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? undefined : Math.floor(stat.mtimeMs * 1000);
}

async function* unwrap(leaf: Leaf, context: OpenContext, budget: Budget, depth: number): AsyncGenerator<OpenResult> {
  const problems: Problem[] = [];
  const onProblem = (problem: Problem): void => void problems.push(at(leaf, problem));
  const open = (): AsyncGenerator<Uint8Array> =>
    readContent(leaf.diskPath, leaf.compression, context.limits, onProblem);
  let head: Buffer;
  try {
    head = await readStart(leaf, 512, context.limits, onProblem);
  } catch (error) {
    yield { problem: at(leaf, { code: 'unreadable', at: {}, message: messageOf(error) }) };
    return;
  }
  const type = containerType(head);
  if (type === undefined) {
    yield { leaf };
    return;
  }
  if (type === '7z' || type === 'rar') {
    const hint = 'unpack it and give the result';
    yield { problem: at(leaf, { code: 'unsupported', at: {}, message: `${type} archives are not read`, hint }) };
    return;
  }
  if (depth === 0) {
    yield {
      problem: at(leaf, {
        code: 'limit-reached',
        at: {},
        message: 'archives are nested too deep; the inner one was not read',
      }),
    };
    return;
  }
  if (type === 'tar') yield* members(leaf, tarMembers(open()), context, budget, depth);
  else if (type === 'zip') yield* unwrapZip(leaf, context, budget, depth);
  else yield* unwrapStream(leaf, type, context, budget, depth);
  for (const problem of problems) yield { problem };
}

/** A compressed stream directly on disk is read through; one inside another compressed stream is spooled first. */
async function* unwrapStream(
  leaf: Leaf,
  type: Packing,
  context: OpenContext,
  budget: Budget,
  depth: number,
): AsyncGenerator<OpenResult> {
  if (leaf.compression === 'none') {
    yield* unwrap({ ...leaf, compression: type }, context, budget, depth - 1);
    return;
  }
  const content = readContent(leaf.diskPath, leaf.compression, context.limits, () => undefined);
  yield* members(leaf, single(content), context, budget, depth);
}

async function* single(content: AsyncIterable<Uint8Array>): AsyncGenerator<Member> {
  yield { name: '', content };
}

async function* unwrapZip(leaf: Leaf, context: OpenContext, budget: Budget, depth: number): AsyncGenerator<OpenResult> {
  if (leaf.compression === 'none') {
    yield* members(leaf, zipMembers(leaf.diskPath), context, budget, depth);
    return;
  }
  const content = readContent(leaf.diskPath, leaf.compression, context.limits, () => undefined);
  yield* members(leaf, single(content), context, budget, depth);
}

interface Member {
  readonly name: string;
  readonly content?: AsyncIterable<Uint8Array>;
  readonly problem?: Problem;
}

async function* members(
  parent: Leaf,
  list: AsyncIterable<Member>,
  context: OpenContext,
  budget: Budget,
  depth: number,
): AsyncGenerator<OpenResult> {
  try {
    for await (const member of list) {
      if (--budget.members < 0) {
        const message = `the archive has more than ${context.limits.members} members; the rest was not read`;
        yield { problem: at(parent, { code: 'limit-reached', at: {}, message }) };
        return;
      }
      if (isUnsafe(member.name)) {
        const message = `the member name ${quote(member.name)} points outside the archive; it is used as a label only`;
        yield { problem: at(parent, { code: 'unsafe-path', at: {}, message }) };
      }
      if (member.problem !== undefined) yield { problem: at(parent, member.problem) };
      if (member.content === undefined) continue;
      yield* spooled(parent, member.name, member.content, context, budget, depth);
      if (budget.bytes <= 0) return;
    }
  } catch (error) {
    const message = `the archive is damaged: ${messageOf(error)}; members before the damage were read`;
    yield { problem: at(parent, { code: 'decompress-failed', at: {}, message }) };
  }
}

async function* spooled(
  parent: Leaf,
  name: string,
  content: AsyncIterable<Uint8Array>,
  context: OpenContext,
  budget: Budget,
  depth: number,
): AsyncGenerator<OpenResult> {
  const diskPath = join(context.spoolFolder, `member-${randomUUID()}`);
  const dispose = (): void => rmSync(diskPath, { force: true });
  const path = name === '' ? parent.path : `${parent.path}!${safeName(name)}`;
  const { filePath, modified } = parent;
  const leaf: Leaf = { path, filePath, diskPath, compression: 'none', modified, dispose };
  try {
    const cut = await spool(content, diskPath, budget);
    if (cut) {
      const message = `the archive takes more than ${formatBytes(context.limits.spoolBytes)} unpacked; the rest was not read`;
      yield { problem: at(leaf, { code: 'limit-reached', at: {}, message }) };
    }
    yield* unwrap(leaf, context, budget, depth - 1);
  } finally {
    dispose();
  }
}

/** Writes a member to disk as far as the budget goes; true when it was cut. A damaged member throws after its good part. */
async function spool(content: AsyncIterable<Uint8Array>, path: string, budget: Budget): Promise<boolean> {
  let isCut = false;
  async function* bounded(): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      budget.bytes -= chunk.length;
      if (budget.bytes <= 0) {
        isCut = true;
        return;
      }
      yield chunk;
    }
  }
  await pipeline(Readable.from(bounded()), createWriteStream(path, { mode: 0o600 }));
  return isCut;
}

async function* tarMembers(content: AsyncIterable<Uint8Array>): AsyncGenerator<Member> {
  const extract = tar.extract();
  const feeding = pipeline(Readable.from(content), extract).catch((error: unknown) => extract.destroy(error as Error));
  for await (const entry of extract) {
    const { name, type } = entry.header;
    if (type === 'file' || type === 'contiguous-file' || type === undefined || type === null) {
      yield { name, content: entry as AsyncIterable<Uint8Array> };
    }
    entry.resume();
  }
  await feeding;
}

async function* zipMembers(path: string): AsyncGenerator<Member> {
  const zip = await yauzl.openPromise(path, { lazyEntries: true, decodeStrings: false, autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      const name = yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
      if (name.endsWith('/')) continue;
      if (entry.isEncrypted()) {
        const hint = 'unpack it with its password and give the result';
        yield {
          name,
          problem: { code: 'unsupported', at: {}, message: `the member ${quote(name)} is encrypted`, hint },
        };
        continue;
      }
      if (!entry.canDecodeFileData()) {
        const message = `the member ${quote(name)} uses compression method ${entry.compressionMethod}, which is not read`;
        yield { name, problem: { code: 'unsupported', at: {}, message } };
        continue;
      }
      yield { name, content: await zip.openReadStreamPromise(entry) };
    }
  } finally {
    zip.close();
  }
}

function isUnsafe(name: string): boolean {
  return name.startsWith('/') || name.split(/[\\/]/).includes('..') || /^[A-Za-z]:/.test(name);
}

/** A member's name as a label: no control characters, bounded. */
function safeName(name: string): string {
  let safe = '';
  for (const character of name.slice(0, 500)) {
    const code = character.codePointAt(0) ?? 0;
    safe += code < 32 || (code >= 127 && code < 160) ? '\uFFFD' : character;
  }
  return safe;
}

function at(leaf: Leaf, problem: Problem): Problem {
  return { ...problem, at: { ...problem.at, path: leaf.path } };
}
