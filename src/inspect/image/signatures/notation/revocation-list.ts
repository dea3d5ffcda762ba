import type { X509Certificate } from 'node:crypto';
import type { ASN1Obj } from '@sigstore/core';
import type { Micros } from '../../../../base/time.ts';
import { isSignedWith, subjectOf, type ParseDer } from './signed-statement.ts';

/** Bytes of one list; those of large authorities have some megabytes. */
const maxListBytes = 2 ** 23;
const oid = { invalidityDate: '2.5.29.24', reason: '2.5.29.21', number: '2.5.29.20', deltaBase: '2.5.29.27' } as const;
/** The reason of an entry that takes a certificate off the list again (RFC 5280, 5.3.1). */
const removed = 8;

/** One certificate revocation list (RFC 5280, 5). */
export interface RevocationList {
  readonly from: Micros;
  /** When the next list comes; one that does not say is of no use later. */
  readonly to: Micros;
  readonly number: bigint | undefined;
  /** Of a delta: the number of the list that it changes. It says nothing without that list. */
  readonly changes: bigint | undefined;
  /** From when on the certificate with this serial number is not to be trusted; undefined of one that a delta takes off the list. */
  readonly revoked: ReadonlyMap<bigint, Micros | undefined>;
  isSignedBy(issuer: X509Certificate): boolean;
}

/** Undefined for what is no list, and for one that is for a part of the certificates (marked by a critical extension). */
export function parseList(bytes: Buffer, parse: ParseDer): RevocationList | undefined {
  if (bytes.length > maxListBytes) return undefined;
  try {
    const [body, algorithm, signature] = parse(bytes).subs;
    if (body === undefined || algorithm === undefined || signature === undefined) return undefined;
    const { issuer, thisUpdate, nextUpdate, entries, extensions } = fieldsOf(body);
    if (extensions.some(isUnknownCritical)) return undefined;
    const name = issuer.toDER();
    return {
      from: microsOf(thisUpdate),
      to: microsOf(nextUpdate ?? thisUpdate),
      number: extensionOf(extensions, oid.number)?.toInteger(),
      changes: extensionOf(extensions, oid.deltaBase)?.toInteger(),
      revoked: new Map(entries.map((entry) => [serialOf(entry), revokedFrom(entry)])),
      isSignedBy: (certificate) =>
        subjectOf(certificate, parse)?.name.equals(name) === true &&
        isSignedWith({ body, algorithm, signature }, certificate),
    };
  } catch {
    // Parts that are not where the structure wants them show as failing accesses.
    return undefined;
  }
}

interface ListFields {
  readonly issuer: ASN1Obj;
  readonly thisUpdate: ASN1Obj;
  readonly nextUpdate: ASN1Obj | undefined;
  readonly entries: readonly ASN1Obj[];
  readonly extensions: readonly ASN1Obj[];
}

/** Version, next update, entries and extensions may each be left out. */
function fieldsOf(body: ASN1Obj): ListFields {
  const [, issuer, thisUpdate, ...rest] = body.subs[0]?.tag.isInteger() === true ? body.subs.slice(1) : body.subs;
  if (issuer === undefined || thisUpdate === undefined) throw new Error('a list without issuer or time');
  return {
    issuer,
    thisUpdate,
    nextUpdate: rest[0] !== undefined && isTime(rest[0]) ? rest[0] : undefined,
    entries: rest.find(({ tag }) => tag.isUniversal() && tag.constructed)?.subs ?? [],
    extensions: rest.find(({ tag }) => tag.isContextSpecific(0))?.subs[0]?.subs ?? [],
  };
}

/** What a list and the deltas that fit it say together: the newest delta, over the list that it changes or a later one. */
export function withDeltas(list: RevocationList, deltas: readonly RevocationList[], now: Micros): RevocationList {
  const { number } = list;
  const fitting = deltas.filter(
    (delta) =>
      number !== undefined &&
      (delta.changes ?? number + 1n) <= number &&
      (delta.number ?? 0n) > number &&
      delta.from <= now,
  );
  const [newest] = fitting.toSorted((a, b) => ((a.number ?? 0n) < (b.number ?? 0n) ? 1 : -1));
  if (newest === undefined) return list;
  return { ...list, to: Math.max(list.to, newest.to), revoked: new Map([...list.revoked, ...newest.revoked]) };
}

function isUnknownCritical({ subs }: ASN1Obj): boolean {
  const isCritical = subs[1]?.tag.isBoolean() === true && subs[1].toBoolean();
  return isCritical && subs[0]?.toOID() !== oid.deltaBase;
}

/** The value inside an extension. */
function extensionOf(extensions: readonly ASN1Obj[], id: string): ASN1Obj | undefined {
  return extensions.find(({ subs }) => subs[0]?.toOID() === id)?.subs.at(-1)?.subs[0];
}

function serialOf(entry: ASN1Obj): bigint {
  const serial = entry.subs[0];
  if (serial === undefined) throw new Error('an entry without a serial number');
  return serial.toInteger();
}

/** The day from which on the key is known to be in other hands, where the list says it; else the day of the revocation. */
function revokedFrom({ subs }: ASN1Obj): Micros | undefined {
  const [, revokedAt, extensions] = subs;
  if (revokedAt === undefined) throw new Error('an entry without a day');
  const own = extensions?.subs ?? [];
  if (extensionOf(own, oid.reason)?.value[0] === removed) return undefined;
  return microsOf(extensionOf(own, oid.invalidityDate) ?? revokedAt);
}

function isTime({ tag }: ASN1Obj): boolean {
  return tag.isUTCTime() || tag.isGeneralizedTime();
}

export function microsOf(time: ASN1Obj): Micros {
  return time.toDate().getTime() * 1000;
}
