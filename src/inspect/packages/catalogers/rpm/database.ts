/** Header blobs of a package database. A generator of one format ends with what is wrong with the rest, if anything. */
export type HeaderBlobs = Generator<Buffer, string | undefined>;

/** One header has a line for each file of its package; the largest seen (texlive, kernel sources) have some ten megabytes. */
export const maxHeaderBytes = 2 ** 28;
