import type { BerNode } from '../../wire/ber.ts';
import { filterText } from './filter.ts';
import { extensionText } from './names.ts';

export interface LdapRequest {
  readonly log: 'ldap' | 'ldap_search';
  /** Under Zeek's names. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly userName?: string;
  /** Object identifier of an extended request. */
  readonly extension?: string;
  /** Nothing answers it. */
  readonly isLast?: true;
}

export const startTlsName = '1.3.6.1.4.1.1466.20037';
/** For Zeek a new name is a change like others: what the new one is stands beside it. */
const renaming = 'modDN';

/** Operations that clients send (RFC 4511, 4), in Zeek's words: by the tag of the operation. */
const operations: Readonly<Record<number, string>> = {
  0x60: 'bind',
  0x42: 'unbind',
  0x63: 'search',
  0x66: 'modify',
  0x68: 'add',
  0x4a: 'delete',
  0x6c: renaming,
  0x6e: 'compare',
  0x50: 'abandon',
  0x77: 'extended',
};

/** Answers, by the operation that they end. */
const answers: Readonly<Record<number, string>> = {
  0x61: 'bind',
  0x64: 'search',
  0x65: 'search',
  0x67: 'modify',
  0x69: 'add',
  0x6b: 'delete',
  0x6d: 'modify',
  0x6f: 'compare',
  0x78: 'extended',
};

/** What an answer tells of a request that the capture does not have; undefined for what is no answer. */
export function describeUnseen(tag: number): LdapRequest | undefined {
  const opcode = answers[tag];
  if (opcode === undefined) return undefined;
  return opcode === 'search' ? { log: 'ldap_search', fields: {} } : { log: 'ldap', fields: { opcode } };
}

export function isRequest(tag: number): boolean {
  return tag in operations;
}

/** What a request asks; undefined when it is damaged. */
export function describeRequest(operation: BerNode): LdapRequest | undefined {
  const parts = operation.children;
  const name = operations[operation.tag];
  switch (name) {
    case 'bind':
      return describeBind(parts);
    case 'search':
      return describeSearch(parts);
    case 'delete':
      return { log: 'ldap', fields: { opcode: name, object: operation.text } };
    case 'extended': {
      const extension = parts[0]?.text;
      return extension === undefined
        ? undefined
        : { log: 'ldap', extension, fields: { opcode: name, object: extensionText(extension) } };
    }
    case renaming:
      return parts[0] === undefined
        ? undefined
        : { log: 'ldap', fields: { opcode: 'modify', object: parts[0].text, argument: parts[1]?.text } };
    case 'unbind':
      return { log: 'ldap', isLast: true, fields: { opcode: name } };
    case 'abandon':
      return { log: 'ldap', isLast: true, fields: { opcode: name, object: String(operation.number ?? '') } };
    case undefined:
      return undefined;
    default:
      return parts[0] === undefined ? undefined : { log: 'ldap', fields: { opcode: name, object: parts[0].text } };
  }
}

/** The password of a simple bind is an attacker's prize: only that there was one is told. */
function describeBind([version, name, authentication]: readonly BerNode[]): LdapRequest | undefined {
  const number = version?.number;
  if (number === undefined || name === undefined || authentication === undefined) return undefined;
  const isSimple = authentication.tag === 0x80;
  const password = authentication.content.length === 0 ? undefined : 'REDACTED';
  const argument = isSimple ? password : textOf(authentication.at(0));
  return {
    log: 'ldap',
    fields: { version: number, opcode: `bind ${isSimple ? 'simple' : 'SASL'}`, object: textOf(name), argument },
    ...(name.text === '' ? {} : { userName: name.text }),
  };
}

const scopes = ['base', 'single', 'tree'];
const dereferences = ['never', 'searching', 'finding', 'always'];

function describeSearch([base, scope, dereference, , , , filter, attributes]: readonly BerNode[]):
  | LdapRequest
  | undefined {
  if (base === undefined || scope === undefined) return undefined;
  return {
    log: 'ldap_search',
    fields: {
      scope: scopes[scope.number ?? -1] ?? 'unknown',
      deref_aliases: dereferences[dereference?.number ?? -1] ?? 'unknown',
      base_object: textOf(base),
      filter: filter === undefined ? undefined : filterText(filter),
      attributes: attributes?.children.map(({ text }) => text),
    },
  };
}

/** An empty text is none. */
function textOf(node: BerNode | undefined): string | undefined {
  return node === undefined || node.content.length === 0 ? undefined : node.text;
}
