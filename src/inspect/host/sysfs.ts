import { nameOf } from '../tree/tree.ts';
import type { TableContext } from './table-context.ts';

/** Attributes of the kernel are short. */
const maxBytes = 1 << 16;

/** An attribute of `/sys` or `/proc/sys` without the line end; undefined when there is none or it may not be read. */
export function attribute({ tree }: TableContext, path: string): string | undefined {
  return tree.read(path, maxBytes)?.toString('utf8').replace(/\n$/, '');
}

/** The same as a number; null when it is none. */
export function numberAttribute(context: TableContext, path: string): number | null {
  const text = attribute(context, path)?.trim() ?? '';
  return /^-?\d{1,19}$/.test(text) ? Number(text) : null;
}

/** The last name of what a link points to: driver, subsystem, class of a device. Empty when there is no link. */
export function linkName({ tree }: TableContext, path: string): string {
  const target = tree.lstat(path)?.target;
  return target === undefined ? '' : nameOf(target);
}

/** `KEY=value` lines of a `uevent` file. */
export function uevent(context: TableContext, device: string): ReadonlyMap<string, string> {
  const lines = attribute(context, `${device}/uevent`)?.split('\n') ?? [];
  return new Map(
    lines.map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, Math.max(at, 0)), line.slice(at + 1)];
    }),
  );
}
