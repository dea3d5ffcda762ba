import { createPrivateKey } from 'node:crypto';
import { defineHostTable } from '../table.ts';
import { usersOf } from '../homes.ts';
import { readOpensshKey } from '../openssh-key.ts';

/** A private key is a few kilobytes. */
const maxBytes = 1 << 16;

export const table = defineHostTable({
  id: 'user_ssh_keys',
  title: 'Private SSH keys of users',
  description:
    'Files of `.ssh` of every account that hold a private key, and whether a passphrase protects it. The key itself is never given.',
  columns: {
    uid: 'bigint',
    path: 'text',
    encrypted: 'integer',
    key_type: 'text',
    key_group_name: 'text',
    key_length: 'integer',
    key_security_bits: 'integer',
  },
  hidden: { pid_with_namespace: 'integer' },
  needs: 'root',
  narrowedBy: ['uid'],
  *rows(context, constraints) {
    for (const { uid, home } of usersOf(context, constraints)) {
      for (const { path, type } of context.tree.list(`${home}/.ssh`)) {
        if (type !== 'file') continue;
        const text = context.text(path, maxBytes) ?? '';
        const key = readKey(text);
        if (key !== undefined) yield { uid, path, ...key };
      }
    }
  },
});

interface KeyRow {
  readonly encrypted: number;
  readonly key_type: string;
  readonly key_group_name?: string | null;
  readonly key_length?: number | null;
  readonly key_security_bits?: number | null;
}

function readKey(text: string): KeyRow | undefined {
  const head = /-----BEGIN (?<kind>[A-Z ]*)PRIVATE KEY-----/.exec(text);
  if (head === null) return undefined;
  const kind = head.groups?.['kind'] ?? '';
  if (kind === 'OPENSSH ') {
    const key = readOpensshKey(text);
    return { encrypted: key?.isEncrypted === true ? 1 : 0, key_type: key?.type ?? '' };
  }
  const encrypted = kind === 'ENCRYPTED ' || /^Proc-Type: 4,ENCRYPTED/m.test(text) ? 1 : 0;
  if (encrypted === 1) return { encrypted, key_type: kind.trim().toLowerCase().replace('encrypted', '') };
  try {
    const key = createPrivateKey(text);
    const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
    return {
      encrypted,
      key_type: key.asymmetricKeyType ?? '',
      key_group_name: namedCurve ?? null,
      key_length: modulusLength ?? null,
    };
  } catch {
    // A file that says it is a key and is none: it is there, and nothing more is known.
    return { encrypted, key_type: kind.trim().toLowerCase() };
  }
}
