import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VakthundError } from '../../../base/errors.ts';
import { silentLogger } from '../../../base/logger.ts';
import { quote, type Problem } from '../../../base/problem.ts';
import { readContent, readHead } from '../../../collect/open/content.ts';
import { defaultOpenLimits } from '../../../collect/open/limits.ts';
import { openFile } from '../../../collect/open/open-file.ts';
import { walkEvidence } from '../../../collect/open/walk.ts';
import { contentStart } from '../../../collect/source.ts';
import { sources } from '../../../collect/sources/registry.generated.ts';
import type { TlsSecrets } from '../../../collect/tls-secrets.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { keepStdin } from '../../stdin.ts';
import type { Terminal } from '../../terminal.ts';

/** A capture that was named, or that stands in an archive that was named. */
export interface Capture {
  readonly path: string;
  content(): AsyncIterable<Uint8Array>;
}

/**
 * The captures at the paths, in folders too, opened through compression and archives; `-` is standard input, which is kept in a temporary file while it is
 * read. What is none is told. Throws when there is none at all.
 */
export async function* findCaptures(given: readonly string[], terminal: Terminal): AsyncGenerator<Capture> {
  const spoolFolder = mkdtempSync(join(tmpdir(), 'vakthund-net-'));
  const spooled = `${spoolFolder}/`;
  const nameOf = (path: string): string => (path.startsWith(spooled) ? path.slice(spooled.length) : path);
  let found = 0;
  try {
    const paths = await withoutStdin(given, join(spoolFolder, 'standard input'), terminal);
    for (const path of filesAt(paths, terminal)) {
      for await (const result of openFile(path, { limits: defaultOpenLimits, spoolFolder })) {
        if ('problem' in result) {
          tellProblem(nameOf(path), result.problem, terminal);
          continue;
        }
        const { leaf } = result;
        const content = (): AsyncGenerator<Uint8Array> =>
          readContent(leaf.diskPath, leaf.compression, defaultOpenLimits, (problem) =>
            tellProblem(nameOf(leaf.path), problem, terminal),
          );
        const head = await readHead(content(), 65_536);
        if (sources.pcap.detect(leaf.path, head) === undefined) {
          terminal.talk(`${quote(nameOf(leaf.path))} is no capture\n`);
          continue;
        }
        found++;
        yield { path: nameOf(leaf.path), content };
      }
    }
  } finally {
    rmSync(spoolFolder, { recursive: true, force: true });
  }
  if (found === 0) throw new VakthundError('NOT_FOUND', 'there is no capture at the given paths');
}

/** The paths, with the file for `-`, once. */
async function withoutStdin(given: readonly string[], file: string, terminal: Terminal): Promise<readonly string[]> {
  if (!given.includes('-')) return given;
  await keepStdin(file, terminal);
  return [...new Set(given.map((path) => (path === '-' ? file : path)))];
}

/** What is no folder is opened as it is named, so that whatever is wrong with it is said there. */
function* filesAt(paths: readonly string[], terminal: Terminal): Generator<string> {
  for (const path of paths) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) yield path;
    else {
      for (const found of walkEvidence([path])) {
        if ('file' in found) yield found.file;
        else tellProblem(found.problem.at.path ?? path, found.problem, terminal);
      }
    }
  }
}

/** Events of a capture; its problems are told. */
export async function* decodeCapture(
  capture: Capture,
  secrets: TlsSecrets,
  terminal: Terminal,
): AsyncGenerator<readonly VakthundEvent[]> {
  const context = { name: capture.path, start: contentStart, growing: false, secrets, logger: silentLogger };
  for await (const { events, problems } of sources.pcap.decode(capture.content(), context)) {
    terminal.signal.throwIfAborted();
    for (const problem of problems) tellProblem(capture.path, problem, terminal);
    yield events;
  }
}

function tellProblem(path: string, { message, count }: Problem, terminal: Terminal): void {
  const times = count === undefined ? '' : ` (${count} times)`;
  terminal.talk(`${path}: ${message}${times}\n`);
}
