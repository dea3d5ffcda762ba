import { decodeUtf8 } from '../../../../base/bytes.ts';
import type { Executable } from '../../executable/executable.ts';
import type { Section } from '../../executable/layout.ts';

export interface GoModule {
  readonly path: string;
  readonly version: string;
  /** What stands for it by a `replace`. */
  readonly replacement: { readonly path: string; readonly version: string } | undefined;
}

/** What the Go toolchain writes into each program (runtime/debug.BuildInfo). */
export interface GoBuildInfo {
  /** `go1.21.3`, with experiments after it. */
  readonly goVersion: string;
  /** Package path of `main`. */
  readonly path: string;
  readonly main: GoModule | undefined;
  readonly dependencies: readonly GoModule[];
  readonly settings: ReadonlyMap<string, string>;
}

const mark = Buffer.from('\xff Go buildinf:', 'latin1');
const headBytes = 32;
/** The section is at the start of the data where it has no name of its own. */
const searchedBytes = 2 ** 16;
const maxInfoBytes = 2 ** 24;
const namedSections = ['.go.buildinfo', '__go_buildinfo'];

/** The build information of a Go program; undefined for other programs (debug/buildinfo/buildinfo.go). */
export function readBuildInfo(program: Executable): GoBuildInfo | undefined {
  const { sections, format } = program.layout;
  const named = sections.filter(({ name }) => namedSections.includes(name));
  const data = format === 'pe' ? sections.filter(({ name }) => name === '.data') : sections.filter(isLoad);
  for (const section of named.length > 0 ? named : data) {
    const blob = program.content(section, named.length > 0 ? maxInfoBytes : searchedBytes + maxInfoBytes);
    const at = findMark(blob);
    if (at === undefined) continue;
    const texts = readInline(blob, at) ?? readPointers(program, blob, at);
    if (texts !== undefined && texts.version !== '') return parse(texts.version, texts.modules);
  }
  return undefined;
}

function isLoad({ name }: Section): boolean {
  return name === 'load';
}

/** It stands at a multiple of 16. */
function findMark(blob: Buffer): number | undefined {
  for (let at = blob.indexOf(mark); at >= 0 && at < searchedBytes; at = blob.indexOf(mark, at + 1)) {
    if (at % 16 === 0 && at + headBytes <= blob.length) return at;
  }
  return undefined;
}

interface Texts {
  readonly version: string;
  readonly modules: string;
}

/** Since Go 1.18 both texts follow, each behind its length as a varint. */
function readInline(blob: Buffer, at: number): Texts | undefined {
  if (((blob[at + 15] ?? 0) & 2) === 0) return undefined;
  const version = varintText(blob, at + headBytes);
  const modules = version === undefined ? undefined : varintText(blob, version.end);
  return version === undefined ? undefined : { version: version.text, modules: withoutMarks(modules?.bytes) };
}

function varintText(blob: Buffer, at: number): { text: string; bytes: Buffer; end: number } | undefined {
  let length = 0;
  let next = at;
  for (let scale = 1; scale <= 2 ** 28; scale *= 128) {
    const byte = blob[next++];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
  }
  const bytes = blob.subarray(next, next + length);
  return bytes.length < length ? undefined : { text: decodeUtf8(bytes), bytes, end: next + length };
}

/** Before, two pointers to texts, which are themselves pointer and length. */
function readPointers(program: Executable, blob: Buffer, at: number): Texts | undefined {
  const width = blob[at + 14];
  if (width !== 4 && width !== 8) return undefined;
  const isBig = ((blob[at + 15] ?? 0) & 1) === 1;
  const pointer = (bytes: Buffer, offset: number): number => {
    if (width === 4) return isBig ? bytes.readUInt32BE(offset) : bytes.readUInt32LE(offset);
    return Number(isBig ? bytes.readBigUInt64BE(offset) : bytes.readBigUInt64LE(offset));
  };
  const textAt = (address: number): Buffer | undefined => {
    const head = program.atAddress(address, 2 * width);
    if (head === undefined || head.length < 2 * width) return undefined;
    const length = pointer(head, width);
    return length > maxInfoBytes ? undefined : program.atAddress(pointer(head, 0), length);
  };
  const version = textAt(pointer(blob, at + 16));
  if (version === undefined) return undefined;
  return { version: decodeUtf8(version), modules: withoutMarks(textAt(pointer(blob, at + 16 + width))) };
}

/** The lines stand between two marks of 16 bytes. */
function withoutMarks(bytes: Buffer | undefined): string {
  return bytes === undefined || bytes.length < 33 ? '' : decodeUtf8(bytes.subarray(16, -16));
}

/** Lines `path`, `mod`, `dep`, `=>`, `build`, with tabs between their parts. */
function parse(goVersion: string, text: string): GoBuildInfo {
  let path = '';
  let main: GoModule | undefined;
  const dependencies: GoModule[] = [];
  const settings = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [kind, first = '', version = ''] = line.split('\t');
    const last = dependencies.at(-1);
    if (kind === 'path') path = first;
    else if (kind === 'mod') main = { path: first, version, replacement: undefined };
    else if (kind === 'dep') dependencies.push({ path: first, version, replacement: undefined });
    else if (kind === '=>' && last !== undefined) {
      dependencies[dependencies.length - 1] = { ...last, replacement: { path: first, version } };
    } else if (kind === 'build') {
      const equals = first.indexOf('=');
      if (equals > 0) settings.set(first.slice(0, equals), first.slice(equals + 1));
    }
  }
  return { goVersion, path, main, dependencies, settings };
}
