import { numberAt, smb2HeaderBytes, textAt } from './smb2.ts';

/** What a SET_INFO request does to a file by its name. */
export type FileChange = { readonly action: 'rename'; readonly name: string } | { readonly action: 'delete' };

const infoFile = 1;
const classes = { rename: 10, disposition: 13, dispositionEx: 64, renameEx: 65 } as const;

/** Renamed or deleted (MS-SMB2, 2.2.39; MS-FSCC, 2.4.11, 2.4.42); undefined for everything else that is set. */
export function fileChangeOf(message: Buffer): FileChange | undefined {
  const body = smb2HeaderBytes;
  const at = numberAt(message, body + 8, 2);
  if (numberAt(message, body + 2, 1) !== infoFile || at < body) return undefined;
  switch (numberAt(message, body + 3, 1)) {
    case classes.rename:
    case classes.renameEx: {
      const name = textAt(message, at + 20, numberAt(message, at + 16, 4));
      return name === '' ? undefined : { action: 'rename', name };
    }
    case classes.disposition:
    case classes.dispositionEx:
      return (numberAt(message, at, 1) & 1) === 1 ? { action: 'delete' } : undefined;
    default:
      return undefined;
  }
}
