import type { BerNode } from '../../wire/ber.ts';

export interface LdapRequest {
  readonly log: 'ldap' | 'ldap_search';
  /** Under Zeek's names. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly userName?: string;
  /** Object identifier of an extended request. */
  readonly extension?: string;
}

export const startTlsName = '1.3.6.1.4.1.1466.20037';

/** Operations that clients send and that have an answer (RFC 4511, 4): by the tag of the operation. */
const operations: Readonly<Record<number, string>> = {
  0x60: 'bind',
  0x63: 'search',
  0x66: 'modify',
  0x68: 'add',
  0x4a: 'delete',
  0x6c: 'modDN',
  0x6e: 'compare',
  0x77: 'extended',
};

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
        : { log: 'ldap', extension, fields: { opcode: name, object: extension } };
    }
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
  const argument = isSimple ? 'REDACTED' : (authentication.at(0)?.text ?? '');
  return {
    log: 'ldap',
    fields: { version: number, opcode: `bind ${isSimple ? 'simple' : 'SASL'}`, object: name.text, argument },
    ...(name.text === '' ? {} : { userName: name.text }),
  };
}

const scopes = ['base', 'single', 'tree'];
const dereferences = ['never', 'in_search', 'find_base', 'always'];

function describeSearch([base, scope, dereference, , , , filter, attributes]: readonly BerNode[]):
  | LdapRequest
  | undefined {
  if (base === undefined || scope === undefined) return undefined;
  return {
    log: 'ldap_search',
    fields: {
      scope: scopes[scope.number ?? -1] ?? 'unknown',
      deref_aliases: dereferences[dereference?.number ?? -1] ?? 'unknown',
      base_object: base.text,
      filter: filter === undefined ? undefined : filterText(filter, 0),
      attributes: attributes?.children.map(({ text }) => text),
    },
  };
}

const maxFilterDepth = 20;
const comparisons: Readonly<Record<number, string>> = { 0xa3: '=', 0xa5: '>=', 0xa6: '<=', 0xa8: '~=' };

/** A filter in the text form of RFC 4515; `?` for what is too deep or unknown. */
function filterText(filter: BerNode, depth: number): string {
  if (depth > maxFilterDepth) return '(?)';
  const inner = (): string => filter.children.map((part) => filterText(part, depth + 1)).join('');
  switch (filter.tag) {
    case 0xa0:
      return `(&${inner()})`;
    case 0xa1:
      return `(|${inner()})`;
    case 0xa2:
      return `(!${inner()})`;
    case 0x87:
      return `(${filter.text}=*)`;
    case 0xa4:
      return `(${filter.at(0)?.text ?? '?'}=${substringsText(filter.at(1)?.children ?? [])})`;
    case 0xa9: {
      const part = (tag: number): string | undefined => filter.children.find((child) => child.tag === tag)?.text;
      return `(${part(0x82) ?? ''}:${part(0x81) ?? ''}:=${part(0x83) ?? ''})`;
    }
    default: {
      const comparison = comparisons[filter.tag];
      return comparison === undefined
        ? '(?)'
        : `(${filter.at(0)?.text ?? '?'}${comparison}${filter.at(1)?.text ?? ''})`;
    }
  }
}

/** Initial, any and final parts with stars between them. */
function substringsText(parts: readonly BerNode[]): string {
  const start = parts[0]?.tag === 0x80 ? '' : '*';
  const end = parts.at(-1)?.tag === 0x82 ? '' : '*';
  return start + parts.map(({ text }) => text).join('*') + end;
}
