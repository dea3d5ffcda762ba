import { formatDuration } from '../../../../base/time.ts';
import type { ShodanHost, ShodanService } from '../../../../inspect/probe/shodan/host.ts';
import { visibleJson, visibleText } from '../../../../outputs/visible-text.ts';
import type { Terminal } from '../../../terminal.ts';

/** What is known of one address, or why nothing can be said. */
export interface AddressRow {
  readonly address: string;
  /** The name that led to it. */
  readonly asked?: string;
  readonly state: 'known' | 'unknown' | 'failed' | 'not-asked';
  readonly reason?: string;
  /** Milliseconds since 1970 of the answer. */
  readonly askedMs?: number;
  readonly host?: ShodanHost;
}

/** Prints what is known of one address, for people. */
export function printAddress(row: AddressRow, terminal: Terminal): void {
  for (const line of linesOf(row)) terminal.out(`${line}\n`);
}

/** Prints what is known of all as one object. */
export function printAddresses(rows: readonly AddressRow[], terminal: Terminal): void {
  const addresses = rows.map(({ askedMs, host, ...row }) => ({
    ...row,
    ...(askedMs === undefined ? {} : { asked_at: new Date(askedMs).toISOString() }),
    ...host,
  }));
  terminal.out(`${visibleJson(JSON.stringify({ addresses }, null, 1))}\n`);
}

function linesOf({ address, asked, state, reason, askedMs, host }: AddressRow): string[] {
  const age = askedMs === undefined ? '' : `, ${ageText(Date.now() - askedMs)}`;
  const name = asked === undefined ? address : `${address} (${asked})`;
  if (state === 'unknown') return [`${name}: Shodan knows nothing of it${age}`];
  if (host === undefined) return [`${name}: not told: ${visibleText(reason ?? '')}`];
  const facts = [host.organisation, host.asn, host.country, ...host.tags.map((tag) => `[${tag}]`)];
  const vulnerable = host.vulnerabilities.length;
  return [
    `${name}: ${visibleText(facts.filter((fact) => fact !== undefined).join(', '))}${age}`,
    ...(host.names.length === 0 ? [] : [`  names ${visibleText(host.names.slice(0, 5).join(', '))}`]),
    ...host.services.map(serviceLine),
    ...(vulnerable === 0 ? [] : [`  ${host.vulnerabilities.slice(0, 10).join(', ')}${vulnerable > 10 ? ' …' : ''}`]),
  ];
}

function serviceLine({
  port,
  transport,
  product,
  version,
  jarm,
  certificate,
  seen_with: known,
}: ShodanService): string {
  const parts = [
    [product, version].filter((part) => part !== undefined).join(' '),
    certificate?.subject,
    jarm === undefined ? undefined : `JARM ${jarm}`,
    known === undefined ? undefined : `published for ${known}`,
  ];
  const text = parts.filter((part) => part !== undefined && part !== '').join('; ');
  return `  ${`${port}/${transport}`.padEnd(9)} ${visibleText(text)}`.trimEnd();
}

function ageText(ageMs: number): string {
  return ageMs < 60_000 ? 'asked now' : `asked ${formatDuration(1000 * ageMs)} ago`;
}
