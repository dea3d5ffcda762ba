import type { ByteSource } from '../../byte-source.ts';
import { maxHeaderBytes, type HeaderBlobs } from './database.ts';
import { SqliteFile } from '../../sqlite/sqlite-file.ts';

/** Blobs of `rpmdb.sqlite` (rpm, lib/backend/sqlite.c): the table `Packages` with number and header. */
export function* sqliteBlobs(bytes: ByteSource, wal: ByteSource | undefined): HeaderBlobs {
  const file = SqliteFile.open(bytes, wal);
  if (typeof file === 'string') return file;
  const root = file.rootOf('Packages');
  if (root === undefined) return file.fault ?? 'it has no table of packages';
  for (const row of file.rows(root, maxHeaderBytes)) {
    const blob = row[1];
    if (Buffer.isBuffer(blob)) yield blob;
  }
  return file.fault;
}
