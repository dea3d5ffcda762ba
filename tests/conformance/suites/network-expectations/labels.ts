import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Destinations of the rows that a `*.labeled` Zeek log calls malicious, with how many rows each has. */
export function readMalicious(path: string): Map<string, number> {
  const rows = new Map<string, number>();
  for (const file of labelledLogs(path)) {
    for (const destination of maliciousOf(readFileSync(file, 'utf8'))) {
      rows.set(destination, (rows.get(destination) ?? 0) + 1);
    }
  }
  return rows;
}

function labelledLogs(path: string): string[] {
  const files = statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path];
  return files.filter((file) => file.endsWith('.labeled')).sort();
}

function* maliciousOf(text: string): Generator<string> {
  let names: readonly string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('#fields')) names = line.split('\t').slice(1);
    if (line === '' || line.startsWith('#')) continue;
    const { label, destination } = line.startsWith('{') ? readJson(line) : readTsv(line, names);
    if (label?.toLowerCase() === 'malicious' && destination !== undefined) yield destination;
  }
}

interface LabelledRow {
  readonly label: string | undefined;
  readonly destination: string | undefined;
}

function readTsv(line: string, names: readonly string[]): LabelledRow {
  const cells = line.split('\t');
  return { label: cells[names.indexOf('label')], destination: cells[names.indexOf('id.resp_h')] };
}

function readJson(line: string): LabelledRow {
  const row = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return { label: text(row['label']), destination: text(row['id.resp_h']) };
}
