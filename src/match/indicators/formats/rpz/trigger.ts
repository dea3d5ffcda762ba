/**
 * The network that the labels before `rpz-ip` mean: prefix length, then the address from its end, with `zz` for the
 * `::` of IPv6. Undefined when they mean none.
 */
export function addressOfTrigger(labels: string): string | undefined {
  const [prefix, ...reversed] = labels.split('.');
  if (prefix === undefined || !/^\d{1,3}$/.test(prefix)) return undefined;
  const parts = reversed.reverse();
  if (parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part))) return `${parts.join('.')}/${prefix}`;
  if (parts.length === 0 || parts.length > 8 || !parts.every((part) => /^(?:[0-9a-f]{1,4}|zz)$/.test(part))) {
    return undefined;
  }
  const text = parts.map((part) => (part === 'zz' ? '' : part)).join(':');
  const opened = parts[0] === 'zz' ? `:${text}` : text;
  return `${parts.at(-1) === 'zz' ? `${opened}:` : opened}/${prefix}`;
}
