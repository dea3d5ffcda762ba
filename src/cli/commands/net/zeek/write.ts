import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { VakthundError } from '../../../../base/errors.ts';
import type { EventRow, VakthundEvent } from '../../../../events/event.ts';
import type { ExitCode } from '../../../command.ts';
import type { Terminal } from '../../../terminal.ts';
import { decodeCapture, findCaptures } from '../captures.ts';
import { readKeyLogs, type KeyLogOptions } from '../key-log.ts';
import { layoutOf } from './layout-of.ts';
import type { LogLayout } from './logs.ts';
import { recordRow } from './records.ts';
import { jsonRow, tsvFooter, tsvHeader, tsvRow } from './rows.ts';

export interface ZeekOptions extends KeyLogOptions {
  readonly output: string;
  readonly format: 'tsv' | 'json';
}

/** Writes Zeek's logs of captures into a folder: conn.log, dns.log and so on, those that have rows. */
export async function writeZeekLogs(
  paths: readonly string[],
  options: ZeekOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const secrets = await readKeyLogs(options.keylog);
  const logs = new LogFolder(options);
  try {
    for await (const capture of findCaptures(paths, terminal)) {
      for await (const events of decodeCapture(capture, secrets, terminal)) {
        for (const event of events) logs.write(event);
      }
    }
  } finally {
    logs.close();
  }
  if (terminal.quiet) return 0;
  for (const [path, rows] of logs.counts) terminal.talk(`${join(options.output, path)}: ${rows} rows\n`);
  if (logs.leftOut > 0) terminal.talk(`${logs.leftOut} events of other kinds have no log here\n`);
  return 0;
}

class LogFolder {
  readonly counts = new Map<string, number>();
  /** Events that no log takes: records of ARP and LLDP, and of protocols that Zeek has no log of. */
  leftOut = 0;
  readonly #folder: string;
  readonly #isJson: boolean;
  readonly #files = new Map<string, number>();
  #lastTime = 0;

  constructor({ output, format }: ZeekOptions) {
    this.#folder = output;
    this.#isJson = format === 'json';
    mkdirSync(output, { recursive: true });
  }

  write(event: VakthundEvent): void {
    const layout = layoutOf(event);
    if (layout === undefined) {
      this.leftOut++;
      return;
    }
    const name = `${layout.path}.log`;
    const file = this.#files.get(name) ?? this.#open(name, layout, event.time);
    const row = recordRow(event as unknown as EventRow, layout);
    writeSync(file, this.#isJson ? jsonRow(row, layout) : tsvRow(row, layout));
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    this.#lastTime = Math.max(this.#lastTime, event.time);
  }

  close(): void {
    for (const file of this.#files.values()) {
      if (!this.#isJson) writeSync(file, tsvFooter(this.#lastTime));
      closeSync(file);
    }
    this.#files.clear();
  }

  /** A log that is there already is left alone. */
  #open(name: string, layout: LogLayout, time: number): number {
    const path = join(this.#folder, name);
    let file: number;
    try {
      file = openSync(path, 'wx', 0o600);
    } catch (error) {
      throw new VakthundError('OUTPUT', `"${path}" cannot be written`, { cause: error, hint: 'it must not exist yet' });
    }
    this.#files.set(name, file);
    if (!this.#isJson) writeSync(file, tsvHeader(layout, time));
    return file;
  }
}
