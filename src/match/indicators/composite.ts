import type { IndicatorKind } from './format.ts';
import { kindOfName } from './kind-names.ts';

export interface TypedText {
  readonly kind: IndicatorKind;
  readonly text: string;
}

/**
 * What a value of a named type holds: MISP writes two values as one (`domain|ip`, `filename|sha256`, `ip-dst|port`),
 * and of those the parts that are indicators come back. Empty for a type that is no indicator kind.
 */
export function typedTexts(typeName: string, text: string): readonly TypedText[] {
  const kind = kindOfName(typeName);
  if (kind === undefined) return [];
  const bar = text.indexOf('|');
  if (bar < 0 || kind === 'url' || kind === 'user-agent' || kind === 'file') return [{ kind, text }];
  const first = text.slice(0, bar);
  const second = text.slice(bar + 1);
  const type = typeName.toLowerCase();
  if (type.startsWith('domain')) {
    return [
      { kind, text: first },
      { kind: 'address', text: second },
    ];
  }
  if (type.startsWith('filename') || type.startsWith('malware')) return [{ kind, text: second }];
  return [{ kind, text: `${first.includes(':') ? `[${first}]` : first}:${second}` }];
}
