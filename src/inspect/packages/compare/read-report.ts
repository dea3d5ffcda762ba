import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { decodeUtf8 } from '../../../base/bytes.ts';
import { messageOf, VakthundError } from '../../../base/errors.ts';
import { parseForeignJson } from '../../../base/json-parse.ts';
import { isRecord, recordsOf, textOf, type JsonRecord } from '../advisories/json.ts';
import { readCycloneDxReport } from './cyclonedx-report.ts';
import { readCodeQuality, readGitLab } from './gitlab-report.ts';
import { readGrype } from './grype-report.ts';
import { readOsvScanner } from './osv-scanner-report.ts';
import type { ScannerReport } from './report.ts';
import { readSarif } from './sarif.ts';
import { readSecurityHub } from './security-hub-report.ts';
import { readTrivy } from './trivy-report.ts';

/** The longest text that JavaScript holds is 512 MB. */
const maxBytes = 256 << 20;

const understood =
  'JSON of Trivy, Grype and OSV-Scanner is, SARIF, CycloneDX with vulnerabilities, and reports for GitLab and AWS Security Hub ("docker scout cves --format sarif", for one)';

/** The report of another scanner, compressed or not. Throws for anything else, and says what is wrong with it. */
export function readReport(path: string): ScannerReport {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new VakthundError('NOT_FOUND', `"${path}" does not exist`);
  const hint = 'name one report with each --with';
  if (!stat.isFile()) throw new VakthundError('USAGE', `"${path}" is no file`, { hint });
  if (stat.size > maxBytes) throw new VakthundError('EVIDENCE_LIMIT', `"${path}" has ${stat.size} bytes`);
  const root = parsed(textIn(path), path);
  const found = reportIn(root, path);
  if (found !== undefined) return found;
  const what =
    isRecord(root) && isBill(root)
      ? 'is a bill of materials and lists no vulnerabilities'
      : 'is no report that is understood';
  throw new VakthundError('EVIDENCE_READ', `"${path}" ${what}`, { hint: understood });
}

/** Undefined for a text that is no report. */
export function parseReport(text: string, path: string): ScannerReport | undefined {
  try {
    const root = parseForeignJson(text);
    return reportIn(root, path);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function reportIn(root: unknown, path: string): ScannerReport | undefined {
  if (isRecord(root)) return reportOf(root, path);
  const issues = recordsOf(root);
  const isQuality = issues.length > 0 && issues.every((one) => one['type'] === 'issue' && 'fingerprint' in one);
  return isQuality ? readCodeQuality(issues, path) : undefined;
}

function reportOf(root: JsonRecord, path: string): ScannerReport | undefined {
  if (Array.isArray(root['runs'])) return readSarif(root, path);
  if (Array.isArray(root['matches'])) return readGrype(root, path);
  if (root['bomFormat'] === 'CycloneDX') {
    return Array.isArray(root['vulnerabilities']) ? readCycloneDxReport(root, path) : undefined;
  }
  if (root['SchemaVersion'] !== undefined || Array.isArray(root['Results'])) return readTrivy(root, path);
  if (isRecord(root['scan']) && Array.isArray(root['vulnerabilities'])) return readGitLab(root, path);
  if (recordsOf(root['Findings']).some((one) => textOf(one['ProductArn']) !== undefined)) {
    return readSecurityHub(root, path);
  }
  const isOsv =
    Array.isArray(root['results']) && recordsOf(root['results']).every((one) => Array.isArray(one['packages']));
  return isOsv ? readOsvScanner(root, path) : undefined;
}

function isBill(root: JsonRecord): boolean {
  return (
    root['bomFormat'] === 'CycloneDX' || textOf(root['spdxVersion']) !== undefined || Array.isArray(root['artifacts'])
  );
}

function textIn(path: string): string {
  const bytes = readFileSync(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return decodeUtf8(bytes);
  try {
    return decodeUtf8(gunzipSync(bytes, { maxOutputLength: maxBytes }));
  } catch (error) {
    throw new VakthundError('EVIDENCE_READ', `"${path}" cannot be unpacked: ${messageOf(error)}`, { cause: error });
  }
}

function parsed(text: string, path: string): unknown {
  const bare = text.replace(/^\uFEFF/, '');
  if (bare.trim() === '') {
    throw new VakthundError('EVIDENCE_READ', `"${path}" is empty`, { hint: 'did the scanner end with an error?' });
  }
  try {
    return parseForeignJson(bare);
  } catch (error) {
    if (error instanceof VakthundError) throw new VakthundError(error.code, `"${path}": ${error.message}`);
    const isCut = /^\s*[[{]/.test(bare) && endsEarly(messageOf(error), bare.length);
    const what = isCut ? 'ends in the middle: it is no whole report' : 'is no report: it is no JSON';
    throw new VakthundError('EVIDENCE_READ', `"${path}" ${what}`, {
      cause: error,
      hint: isCut ? 'let the scanner write it again' : understood,
    });
  }
}

/** By the words of V8: the fault stands at the end of the text. */
function endsEarly(message: string, length: number): boolean {
  const position = /at position (?<at>\d+)/.exec(message)?.groups?.['at'];
  return /end of JSON/.test(message) || (position !== undefined && Number(position) >= length);
}
