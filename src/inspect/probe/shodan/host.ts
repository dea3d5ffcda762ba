import { z } from 'zod';
import { seenWith } from '../known-fingerprints.ts';

/** One service of an address, as Shodan's crawler saw it. */
export interface ShodanService {
  readonly port: number;
  readonly transport: string;
  readonly product?: string;
  readonly version?: string;
  /** When it was seen, as Shodan writes it: UTC without a zone. */
  readonly seen?: string;
  readonly jarm?: string;
  readonly ja3s?: string;
  /** What the fingerprints are published for. */
  readonly seen_with?: string;
  readonly certificate?: { readonly subject?: string; readonly issuer?: string; readonly sha256?: string };
  readonly vulnerabilities: readonly string[];
}

/** What Shodan knows of an address. */
export interface ShodanHost {
  readonly names: readonly string[];
  readonly organisation?: string;
  readonly asn?: string;
  readonly country?: string;
  readonly tags: readonly string[];
  readonly updated?: string;
  readonly services: readonly ShodanService[];
  /** CVE ids of all services, most of them told from versions alone. */
  readonly vulnerabilities: readonly string[];
}

const maxItems = 1000;
const maxText = 300;
const text = z
  .string()
  .transform((value) => value.slice(0, maxText))
  .nullish()
  .catch(undefined);
const texts = z
  .array(z.string().transform((value) => value.slice(0, maxText)))
  .transform((list) => list.slice(0, maxItems))
  .nullish()
  .catch(undefined);
/** A list of ids, or an object with them as keys: Shodan writes both. */
const ids = z
  .union([z.array(z.string()), z.record(z.string(), z.unknown()).transform((record) => Object.keys(record))])
  .transform((list) => list.filter((id) => /^CVE-\d{4}-\d{4,9}$/.test(id)).slice(0, maxItems))
  .nullish()
  .catch(undefined);
const parts = z.record(z.string(), z.unknown()).nullish().catch(undefined);

const service = z.object({
  port: z.int().min(0).max(65_535),
  transport: text,
  product: text,
  version: text,
  timestamp: text,
  vulns: ids,
  ssl: z
    .object({
      jarm: text,
      ja3s: text,
      cert: z
        .object({ subject: parts, issuer: parts, fingerprint: z.object({ sha256: text }).nullish().catch(undefined) })
        .nullish()
        .catch(undefined),
    })
    .nullish()
    .catch(undefined),
});

const host = z.object({
  hostnames: texts,
  org: text,
  asn: text,
  country_code: text,
  tags: texts,
  last_update: text,
  vulns: ids,
  data: z.array(z.unknown()).nullish().catch(undefined),
});

/**
 * Reads an answer of `/shodan/host/ADDRESS`. Undefined when it is none; what does not fit in a part of it leaves that part out, since the
 * banners in it were written by the servers themselves.
 */
export function readHost(content: unknown): ShodanHost | undefined {
  const { data: whole } = host.safeParse(content);
  if (whole?.data === undefined) return undefined;
  const services = (whole.data ?? []).slice(0, maxItems).flatMap((item) => {
    const { data } = service.safeParse(item);
    return data === undefined ? [] : [serviceOf(data)];
  });
  const vulnerabilities = new Set([...(whole.vulns ?? []), ...services.flatMap((one) => one.vulnerabilities)]);
  return {
    names: whole.hostnames ?? [],
    ...given({ organisation: whole.org, asn: whole.asn, country: whole.country_code, updated: whole.last_update }),
    tags: whole.tags ?? [],
    services: services.sort((a, b) => a.port - b.port || a.transport.localeCompare(b.transport)),
    vulnerabilities: [...vulnerabilities].sort(),
  };
}

function serviceOf(data: z.infer<typeof service>): ShodanService {
  const { port, transport, product, version, timestamp, vulns, ssl } = data;
  const certificate = given({
    subject: nameOf(ssl?.cert?.subject),
    issuer: nameOf(ssl?.cert?.issuer),
    sha256: ssl?.cert?.fingerprint?.sha256?.toLowerCase(),
  });
  const known = seenWith('jarm', ssl?.jarm ?? '') ?? seenWith('ja3s', ssl?.ja3s ?? '');
  return {
    port,
    transport: transport ?? 'tcp',
    ...given({ product, version, seen: timestamp, jarm: ssl?.jarm, ja3s: ssl?.ja3s, seen_with: known }),
    ...(Object.keys(certificate).length === 0 ? {} : { certificate }),
    vulnerabilities: vulns ?? [],
  };
}

/** `CN=x, O=y` of a certificate's name. */
function nameOf(name: Readonly<Record<string, unknown>> | null | undefined): string | undefined {
  const known = Object.entries(name ?? {}).filter((part): part is [string, string] => typeof part[1] === 'string');
  const line = known.map(([key, value]) => `${key}=${value}`).join(', ');
  return line === '' ? undefined : line.slice(0, maxText);
}

type Given<T> = { [Key in keyof T]?: NonNullable<T[Key]> };

/** The members that have a value. */
function given<T extends object>(members: T): Given<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  ) as Given<T>;
}
