import type { IndicatorKind } from '../format.ts';
import { AgentTable } from './agent-table.ts';
import { EntryTable } from './entry-table.ts';
import { KeyTable } from './key-table.ts';
import { LabelMask } from './label-mask.ts';
import { RangeTable } from './range-table.ts';
import { TextTable } from './text-table.ts';
import { V4Blocks } from './v4-blocks.ts';
import { V4Table } from './v4-table.ts';

/** Kinds whose values are keyed by their text; `address` there is IPv6 only. */
export type TextParts = Readonly<Record<IndicatorKind, KeyTable<TextTable>>>;

/** The tables of a set. Entries of all kinds share one table of facts. */
export interface Parts {
  readonly entries: EntryTable;
  readonly texts: TextParts;
  readonly domainLabels: LabelMask;
  readonly v4: KeyTable<V4Table>;
  readonly v4Blocks: V4Blocks;
  /** Networks, by the number of their key in `texts.cidr`. */
  readonly v4Ranges: RangeTable<number>;
  readonly v6Ranges: RangeTable<bigint>;
  /** Hosts of all URLs: a request to any other host is passed over without a look at its target. */
  readonly urlHosts: TextTable;
  /** User agents listed by a part, by the number of their key in `texts['user-agent']`. */
  readonly agents: AgentTable;
}

export function emptyParts(): Parts {
  const texts = (fromEnd = false): KeyTable<TextTable> => new KeyTable(new TextTable({ fromEnd }));
  return {
    entries: new EntryTable(),
    texts: {
      address: texts(),
      cidr: texts(),
      domain: texts(true),
      url: texts(),
      md5: texts(),
      sha1: texts(),
      sha256: texts(),
      ja3: texts(),
      'user-agent': texts(),
      email: texts(),
      file: texts(),
    },
    domainLabels: new LabelMask(),
    v4: new KeyTable(new V4Table()),
    v4Blocks: new V4Blocks(),
    v4Ranges: new RangeTable<number>((values) => Uint32Array.from(values)),
    v6Ranges: new RangeTable<bigint>((values) => values),
    urlHosts: new TextTable({ fromEnd: false }),
    agents: new AgentTable(),
  };
}

export function sealParts(parts: Parts): void {
  parts.v4Ranges.seal();
  parts.v6Ranges.seal();
  parts.v4.trim();
  parts.urlHosts.trim();
  parts.entries.trim();
  for (const table of Object.values(parts.texts)) table.trim();
}

/** Bytes of the tables, as far as they are arrays of numbers; partial user agents and IPv6 networks are estimated. */
export function bytesOf(parts: Parts): number {
  const tables = [
    parts.entries,
    parts.v4,
    parts.v4Ranges,
    parts.v6Ranges,
    parts.urlHosts,
    ...Object.values(parts.texts),
  ];
  return tables.reduce((sum, table) => sum + table.byteLength, 0);
}
