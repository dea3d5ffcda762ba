import { closeSync, openSync, writeFileSync } from 'node:fs';
import { VakthundError } from '../../../base/errors.ts';
import type { CaptureForm, FlowFacts } from '../../../collect/source.ts';
import { sources } from '../../../collect/sources/registry.generated.ts';
import type { ExitCode } from '../../command.ts';
import type { GlobalOptions } from '../../context.ts';
import type { Terminal } from '../../terminal.ts';
import { findCaptures } from './captures.ts';
import { findIndexed } from './indexed.ts';
import { parseFilter, type FlowTest } from './filter.ts';

export interface ExtractOptions extends GlobalOptions {
  readonly flow: readonly string[];
  readonly filter?: string;
  readonly output: string;
}

/** Writes the packets of the chosen connections of one capture to a file; by the index of the case, where it has read the capture. */
export async function extractPackets(path: string, options: ExtractOptions, terminal: Terminal): Promise<ExitCode> {
  const test = testOf(options);
  const chosen = new Set<string>();
  const choose = (flow: FlowFacts): boolean => {
    const isChosen = test(flow);
    if (isChosen) chosen.add(flow.uid);
    return isChosen;
  };
  let leftOut = 0;
  const form: CaptureForm = {
    isPcapng: options.output.toLowerCase().endsWith('.pcapng'),
    leftOut: (packets) => void (leftOut += packets),
  };
  // What comes by standard input is in no case.
  const indexed = path === '-' ? undefined : await findIndexed(path, options.flow, test, options, terminal);
  if (indexed !== undefined) {
    const bytes = await write(sources.pcap.extractRuns?.(indexed.runs, form) ?? [], options.output, terminal);
    tellWritten(indexed.connections, bytes, options.output, terminal);
    tellLeftOut(leftOut, terminal);
    return 0;
  }
  let captures = 0;
  for await (const capture of findCaptures([path], terminal)) {
    if (++captures > 1) throw new VakthundError('USAGE', `"${path}" holds several captures: name one of them`);
    const bytes = await write(sources.pcap.extract?.(capture.content(), choose, form) ?? [], options.output, terminal);
    tellWritten(chosen.size, bytes, options.output, terminal);
  }
  tellLeftOut(leftOut, terminal);
  return 0;
}

/** Told even where talk is not wanted: who reads the file would take it for all that there is. */
function tellLeftOut(packets: number, terminal: Terminal): void {
  if (packets === 0) return;
  const what = `${packets} packets of other link types than the first were left out, for which a pcap file has no place`;
  terminal.talk(`${what}: name the output *.pcapng to have them all\n`);
}

function tellWritten(connections: number, bytes: number, path: string, terminal: Terminal): void {
  if (bytes === 0) throw new VakthundError('NOT_FOUND', 'no connection of the capture fits; nothing was written');
  if (terminal.quiet) return;
  const where = path === '-' ? 'standard output' : path;
  terminal.talk(`${connections} connections, ${bytes} bytes, written to ${where}\n`);
}

function testOf({ flow, filter }: ExtractOptions): FlowTest {
  if (flow.length === 0 && filter === undefined) {
    throw new VakthundError('USAGE', 'say which connections: give --flow or --filter', {
      hint: 'vakthund net extract --help',
    });
  }
  const ids = new Set(flow);
  const fits = filter === undefined ? (): boolean => true : parseFilter(filter);
  return (facts) => (ids.size === 0 || ids.has(facts.uid) || ids.has(facts.communityId)) && fits(facts);
}

/** Writes a new file, or to standard output for `-`; a file that is there already is left alone. Returns the number of bytes. */
async function write(
  content: AsyncIterable<Uint8Array> | readonly Uint8Array[],
  path: string,
  terminal: Terminal,
): Promise<number> {
  let bytes = 0;
  let file: number | undefined;
  try {
    for await (const part of content) {
      terminal.signal.throwIfAborted();
      if (path === '-') await toStandardOutput(part);
      else {
        const into = (file ??= orCannotWrite(path, () => openSync(path, 'wx', 0o600)));
        orCannotWrite(path, () => writeFileSync(into, part));
      }
      bytes += part.length;
    }
  } finally {
    if (file !== undefined) closeSync(file);
  }
  return bytes;
}

/** Waits for a reader that is slower than we are. The bytes may be used again afterwards. */
async function toStandardOutput(part: Uint8Array): Promise<void> {
  await new Promise<void>((done, fail) => {
    process.stdout.write(part, (error) => (error ? fail(error) : done()));
  });
}

/** What reading the capture throws passes: only a failure to write is called one. */
function orCannotWrite<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new VakthundError('OUTPUT', `"${path}" cannot be written`, { cause, hint: 'it must not exist yet' });
  }
}
