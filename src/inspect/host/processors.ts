import type { TableContext } from './table-context.ts';

/** What `/proc/cpuinfo` says: how many sockets and cores there are, and the first processor's own lines. */
export interface Processors {
  readonly sockets: number;
  readonly cores: number;
  readonly first: ReadonlyMap<string, string>;
}

export function readProcessors({ proc }: TableContext): Processors {
  const blocks = proc
    .text('cpuinfo')
    .split('\n\n')
    .map((block) => new Map(block.split('\n').map((line) => pairOf(line))))
    .filter((block) => block.has('processor'));
  const sockets = new Set(blocks.map((block) => block.get('physical id') ?? '0'));
  const cores = new Set(
    blocks.map((block) => `${block.get('physical id')} ${block.get('core id') ?? block.get('processor')}`),
  );
  return { sockets: sockets.size, cores: cores.size, first: blocks[0] ?? new Map<string, string>() };
}

function pairOf(line: string): [string, string] {
  const at = line.indexOf(':');
  return [line.slice(0, Math.max(at, 0)).trim(), line.slice(at + 1).trim()];
}
