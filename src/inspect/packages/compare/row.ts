import { textOf, textsOf } from '../advisories/json.ts';
import { parsePurl, type PackageUrl } from '../purl.ts';
import type { ReportedRow } from './report.ts';

export interface RowParts {
  readonly id: unknown;
  readonly aliases?: unknown;
  readonly name: unknown;
  readonly version: unknown;
  readonly fixed?: unknown;
  readonly severity?: unknown;
  readonly location?: unknown;
  readonly isByCpe?: boolean;
}

/** A record has a dozen; each of its rows keeps them. */
const maxAliases = 100;

/** A row of its parts; none without an id and a package. */
export function rowOf(parts: RowParts): ReportedRow[] {
  const [id, name] = [textOf(parts.id), textOf(parts.name)];
  if (id === undefined || name === undefined) return [];
  const aliases = Array.isArray(parts.aliases) ? textsOf(parts.aliases.slice(0, maxAliases)) : [];
  const [severity, location] = [textOf(parts.severity)?.toLowerCase(), textOf(parts.location)];
  return [
    {
      id,
      aliases: aliases.filter((alias, index) => alias !== id && aliases.indexOf(alias) === index),
      package: name,
      version: textOf(parts.version) ?? '',
      fixed: textOf(parts.fixed),
      isByCpe: parts.isByCpe === true,
      ...(severity === undefined ? {} : { severity }),
      ...(location === undefined ? {} : { location }),
    },
  ];
}

/** Package and version of a package URL; undefined for what is none. */
export function packageOf(purl: string): { readonly name: string; readonly version: string } | undefined {
  const url = parsePurl(purl);
  return url === undefined ? undefined : { name: nameOf(url), version: url.version ?? '' };
}

/** Names as the ecosystem writes them, which is how packages are listed elsewhere. */
function nameOf({ type, namespace, name }: PackageUrl): string {
  if (namespace === '' || ['apk', 'deb', 'rpm'].includes(type)) return name;
  return `${namespace}${type === 'maven' ? ':' : '/'}${name}`;
}

/** `Trivy 0.50.0`. */
export function scannerName(name: string, version: string | undefined): string {
  return version === undefined ? name : `${name} ${version}`;
}

/** Digests among texts such as `alpine@sha256:…`. */
export function digestsIn(texts: readonly (string | undefined)[]): string[] {
  return [...new Set(texts.flatMap((text) => /sha256:[0-9a-f]{64}$/.exec(text ?? '')?.[0] ?? []))];
}
