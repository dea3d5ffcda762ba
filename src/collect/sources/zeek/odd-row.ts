import type { DelimitedLayout } from '../../../store/bulk.ts';

/**
 * What a row with too few or too many cells may have been: with a blank where an unset cell ends (edited by hand), with
 * cells missing or to spare at its end. The reader takes the first that has a fitting value in every column.
 */
export function rowsMeant(row: Buffer, { delimiter, unset, columns }: DelimitedLayout): Buffer[] {
  const cells = row.toString('latin1').split(delimiter);
  const parted = cells.flatMap((cell) =>
    cell.startsWith(`${unset} `) ? [unset, cell.slice(unset.length + 1)] : [cell],
  );
  const missing = Math.max(0, columns.length - cells.length);
  const filled = [...cells, ...Array.from({ length: missing }, () => unset)];
  // A row with half of its cells is no row of this log.
  const isMostlyThere = cells.length * 2 > columns.length;
  const meant = [parted.length === columns.length ? parted : [], isMostlyThere ? filled.slice(0, columns.length) : []];
  return meant
    .filter((candidate) => candidate.length > 0)
    .map((candidate) => Buffer.from(candidate.join(delimiter), 'latin1'));
}
