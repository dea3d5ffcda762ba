import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { decodeUtf8 } from '../../../../base/bytes.ts';
import { messageOf } from '../../../../base/errors.ts';
import { parseForeignJson } from '../../../../base/json-parse.ts';
import type { Problem } from '../../../../base/problem.ts';
import { isRecord, type JsonRecord } from '../json.ts';
import { readCsafVex } from './csaf-vex.ts';
import { readCycloneDxVex } from './cyclonedx-vex.ts';
import { readOpenVex } from './openvex.ts';
import type { VexStatement } from './statement.ts';

export interface ReadVex {
  readonly statements: readonly VexStatement[];
  readonly problems: readonly Problem[];
}

const maxBytes = 256 << 20;

/** Statements of VEX files, OpenVEX, CSAF or CycloneDX, compressed or not, in the order of time. */
export function readVexFiles(paths: readonly string[]): ReadVex {
  const statements: VexStatement[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    try {
      const found = readVex(openText(path), path);
      if (found === undefined) problems.push(unknown(path));
      else statements.push(...found);
    } catch (error) {
      problems.push({ code: 'unreadable', at: { path }, message: messageOf(error) });
    }
  }
  statements.sort((a, b) => Number(a.time > b.time) - Number(a.time < b.time));
  return { statements, problems };
}

/** Undefined for a text that is no VEX. */
export function readVex(text: string, path: string): VexStatement[] | undefined {
  const root = parseForeignJson(text);
  if (!isRecord(root)) return undefined;
  if (isOpenVex(root)) return readOpenVex(root, path);
  if (root['bomFormat'] === 'CycloneDX') return readCycloneDxVex(root, path);
  return isRecord(root['document']) && root['document']['csaf_version'] !== undefined
    ? readCsafVex(root, path)
    : undefined;
}

function isOpenVex(root: JsonRecord): boolean {
  return typeof root['@context'] === 'string' && /openvex/i.test(root['@context']);
}

function openText(path: string): string {
  const bytes = readFileSync(path);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return decodeUtf8(isGzip ? gunzipSync(bytes, { maxOutputLength: maxBytes }) : bytes);
}

function unknown(path: string): Problem {
  return { code: 'unknown-format', at: { path }, message: 'it is no VEX: neither OpenVEX nor CSAF nor CycloneDX' };
}
