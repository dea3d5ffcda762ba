import { basename, dirname, join } from 'node:path';
import { decodeFile } from '../decode-file.ts';
import type { Peer } from '../peer.ts';
import { corpusFiles, differences, isInstalled, pipeline } from '../tools.ts';

/** Zeek's field, and the column that it becomes. */
const sums = [
  ['orig_bytes', 'source_payload_bytes'],
  ['resp_bytes', 'destination_payload_bytes'],
  ['orig_pkts', 'source_packets'],
  ['resp_pkts', 'destination_packets'],
] as const;

/** Rows of a Zeek TSV log, and the sums of some of its columns, found by the names in its header. */
const awk = `
  /^#fields/ { for (i = 2; i <= NF; i++) at[$i] = i - 1; width = NF - 1; next }
  /^#/ { next }
  NF == width { rows++; for (n = 1; n <= count; n++) if ($at[name[n]] != "-") sum[n] += $at[name[n]] }
  END { printf "rows %d\\n", rows; for (n = 1; n <= count; n++) printf "%s %.0f\\n", name[n], sum[n] }`;
const script = `gzip -cdf "$1" | awk -F '\\t' -v "names=$2" 'BEGIN { count = split(names, name, " ") } ${awk}'`;

/** awk counts the rows of Zeek's conn logs and adds up bytes and packets; ours are the decoded flows. */
export const peer: Peer = {
  id: 'awk/zeek-sums',
  isAvailable: () => Promise.resolve(connLogs().length > 0 && isInstalled('awk')),
  async run() {
    const files = connLogs();
    const found: string[] = [];
    let rows = 0;
    for (const file of files) {
      const ours = new Map<string, number>([['rows', 0]]);
      const add = (name: string, value: unknown): unknown => ours.set(name, (ours.get(name) ?? 0) + Number(value ?? 0));
      for await (const event of decodeFile('zeek', file)) {
        add('rows', 1);
        for (const [field, column] of sums) add(field, event[column]);
      }
      rows += ours.get('rows') ?? 0;
      const place = join(basename(dirname(file)), basename(file));
      found.push(
        ...differences(place, ours, numbersOf(pipeline(script, file, sums.map(([field]) => field).join(' ')))),
      );
    }
    return { differences: found, figures: { files: files.length, rows } };
  },
};

/** Those of the corpus that are tab-separated: the same name is used for JSON. */
function connLogs(): string[] {
  return corpusFiles('network/**/conn.log*').filter(
    (file) => pipeline('gzip -cdf "$1" | head -c 11', file) === '#separator ',
  );
}

function numbersOf(text: string): Map<string, number> {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  return new Map(lines.map(([name = '', value = '0']) => [name, Number(value)]));
}
