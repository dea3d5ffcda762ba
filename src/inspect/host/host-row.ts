/** A row by column name. What is not known is null or left out; numbers are exact up to 2^53. */
export type HostRow = Readonly<Record<string, string | number | null | undefined>>;
