/** Fields of a flow log that is not told others. */
export const defaultColumns =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'.split(
    ' ',
  );

/** AWS has some fifty. */
const maxColumns = 100;
const needed = [
  ['srcaddr', 'pkt-srcaddr'],
  ['dstaddr', 'pkt-dstaddr'],
  ['start', 'end'],
];
const withTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z /;

/** The columns that a header names; undefined for any other line. They must say between whom and when. */
export function columnsOf(line: string): readonly string[] | undefined {
  const names = line.trim().split(/[ \t]+/, maxColumns + 1);
  const isList = names.length <= maxColumns && names.every((name) => /^[a-z][a-z\d-]{1,60}$/.test(name));
  const isWhole = needed.every((either) => either.some((name) => names.includes(name)));
  return isList && isWhole && new Set(names).size === names.length ? names : undefined;
}

/** Values under the columns of a header, without the time that an export of CloudWatch puts before; undefined for what has others. */
export function valuesOf(line: string, columns: readonly string[]): readonly string[] | undefined {
  const values = line
    .replace(withTime, '')
    .trim()
    .split(/[ \t]+/, maxColumns + 1);
  if (values.length !== columns.length) return undefined;
  if (columns !== defaultColumns) return values;
  const [version = '', account = '', network = ''] = values;
  const status = values.at(-1) ?? '';
  const isRecord = version === '2' && /^(?:\d{12}|unknown)$/.test(account) && network.length <= 64;
  return isRecord && /^(?:OK|NODATA|SKIPDATA)$/.test(status) ? values : undefined;
}
