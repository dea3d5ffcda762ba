import type { Package } from '../package.ts';

/** Who a package comes from, as its database says: `Name <address>` of dpkg, the vendor of rpm. Undefined where none is named. */
export function supplierOf({ details }: Package): { readonly name: string; readonly email?: string } | undefined {
  const text = (details?.['maintainer'] ?? details?.['vendor'] ?? '').slice(0, 300).trim();
  const { name, email } = /^(?<name>[^<>]+?)\s*<(?<email>[^<>\s]+@[^<>\s]+)>$/.exec(text)?.groups ?? {};
  if (name !== undefined && email !== undefined) return { name, email };
  return text === '' ? undefined : { name: text };
}
