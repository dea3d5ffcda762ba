import { closeSync, openSync, writeSync } from 'node:fs';
import { auditEvent } from './data/audit.ts';
import { createDraw, type Draw } from './data/draw.ts';
import { eveEvent } from './data/eve.ts';
import { connHeader, connJson, connTsv, dnsHeader, dnsTsv } from './data/zeek.ts';

/**
 * Big data sets for benchmarks, written straight to a file: `node benchmarks/generate.ts zeek-conn-tsv 5000000 conn.log`.
 * The same arguments give the same bytes. What the formats look like in detail is in `tools/samples`; here speed comes first.
 */
export const dataSets = {
  'zeek-conn-tsv': { header: connHeader, row: connTsv },
  'zeek-conn-json': { header: nothing, row: connJson },
  'zeek-dns-tsv': { header: dnsHeader, row: dnsTsv },
  eve: { header: nothing, row: eveEvent },
  audit: { header: nothing, row: auditEvent },
} as const satisfies Readonly<Record<string, DataSet>>;
export type DataSetName = keyof typeof dataSets;

interface DataSet {
  /** Lines before the first row, each with its end. */
  readonly header: () => string;
  /** One row with its end; an audit event is a row of several lines. */
  readonly row: (draw: Draw) => string;
}

export interface Generated {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
}

/** Characters that are gathered before they are written: memory stays the same for any number of rows. */
const chunkLength = 1 << 20;

/** Writes `rows` rows (events, for audit) spread over a day. An existing file is replaced. */
export function generate(name: DataSetName, rows: number, path: string, seed = 1): Generated {
  const { header, row } = dataSets[name];
  const draw = createDraw(rows, seed);
  const file = openSync(path, 'w');
  let bytes = 0;
  let text = header();
  try {
    for (let index = 0; index < rows; index++) {
      draw.next(index);
      text += row(draw);
      if (text.length < chunkLength) continue;
      bytes += writeAll(file, Buffer.from(text, 'latin1'));
      text = '';
    }
    bytes += writeAll(file, Buffer.from(text, 'latin1'));
  } finally {
    closeSync(file);
  }
  return { path, rows, bytes };
}

function writeAll(file: number, bytes: Uint8Array): number {
  let done = 0;
  while (done < bytes.length) done += writeSync(file, bytes, done);
  return done;
}

function nothing(): string {
  return '';
}

function isDataSet(name: string | undefined): name is DataSetName {
  return name !== undefined && Object.hasOwn(dataSets, name);
}

if (import.meta.main) {
  const [name, rows, path] = process.argv.slice(2);
  if (isDataSet(name) && Number(rows) > 0 && path !== undefined) {
    const made = generate(name, Number(rows), path);
    process.stderr.write(`${made.path}: ${made.rows} rows, ${made.bytes} bytes\n`);
  } else {
    process.stderr.write(`usage: node benchmarks/generate.ts ${Object.keys(dataSets).join('|')} ROWS FILE\n`);
    process.exitCode = 2;
  }
}
