import { formatBytes } from '../../../base/bytes.ts';
import { messageOf } from '../../../base/errors.ts';
import { stableId } from '../../../base/id.ts';
import type { Problem } from '../../../base/problem.ts';
import { severityRank, type Severity } from '../../../events/finding.ts';
import { inspectFile, type FileInspection } from '../../../match/files/inspect-file.ts';
import type { FileSign } from '../../../match/files/sign.ts';
import { visibleJson, visibleText } from '../../../outputs/visible-text.ts';
import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { readHashedFile } from './read-file.ts';

export interface InspectOptions {
  readonly failOn?: Severity;
}

interface InspectedFile extends FileInspection {
  readonly path: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** Inspects files one after the other. One that cannot be read is a problem; the others are inspected. */
export async function inspectFiles(
  paths: readonly string[],
  { failOn }: InspectOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const files: InspectedFile[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    try {
      const { content, sha256 } = await readHashedFile(path, terminal.signal);
      const file = { path, sha256, size: content.size, ...inspectFile(content) };
      files.push(file);
      if (!terminal.json) terminal.out(describe(file));
    } catch (error) {
      if (terminal.signal.aborted) throw error;
      problems.push({ code: 'unreadable', at: { path }, message: messageOf(error) });
      terminal.talk(`vakthund: ${visibleText(messageOf(error))} [EVIDENCE_READ]\n`);
    }
  }
  if (terminal.json) terminal.out(asJson(files, problems));
  if (problems.length > 0) return 2;
  const isOver = failOn !== undefined && files.some((file) => verdictRank(file) >= severityRank(failOn));
  return isOver ? 1 : 0;
}

/** The severity of the strongest sign; `none` is less than `info`. */
function verdictOf({ signs }: FileInspection): Severity | 'none' {
  return signs.reduce<Severity | 'none'>(
    (worst, { severity }) => (worst === 'none' || severityRank(severity) > severityRank(worst) ? severity : worst),
    'none',
  );
}

function verdictRank(file: FileInspection): number {
  const verdict = verdictOf(file);
  return verdict === 'none' ? -1 : severityRank(verdict);
}

/** A line for the file, and under it one for each sign and for each part that was not looked at. */
function describe(file: InspectedFile): string {
  const verdict = verdictOf(file);
  const head = [
    visibleText(file.path),
    file.type ?? 'unknown type',
    formatBytes(file.size),
    verdict === 'none' ? 'no sign' : `${verdict}, ${file.signs.length} ${file.signs.length === 1 ? 'sign' : 'signs'}`,
  ];
  return [
    head.join('  '),
    ...file.signs.map(({ severity, title, at }) => `  ${severity}: ${visibleText(title)}, at byte ${at}`),
    ...file.measured.map(({ what, value }) => `  measured: ${what}: ${value}`),
    ...file.notChecked.map(({ what, why }) => `  not checked: ${what} (${visibleText(why)})`),
    '',
  ].join('\n');
}

function asJson(files: readonly InspectedFile[], problems: readonly Problem[]): string {
  const result = {
    files: files.map((file) => ({
      path: file.path,
      sha256: file.sha256,
      size: file.size,
      type: file.type,
      verdict: verdictOf(file),
      measured: file.measured,
      not_checked: file.notChecked,
    })),
    findings: files.flatMap((file) => file.signs.map((sign) => findingOf(sign, file))),
    problems: problems.map(({ code, at, message }) => ({ code, at: at.path ?? '', message })),
  };
  return `${visibleJson(JSON.stringify(result, undefined, 1))}\n`;
}

/** A sign in the shape that findings have in reports; a file by itself has no times. */
function findingOf(sign: FileSign, { path, sha256 }: InspectedFile): object {
  const detector = `files/${sign.id}`;
  return {
    id: stableId('f-', [detector, sha256, sign.title]),
    detector,
    title: sign.title,
    severity: sign.severity,
    score: sign.score,
    entities: [
      { kind: 'file', value: path },
      { kind: 'file-hash', value: sha256 },
    ],
    attack: sign.attack,
    reasons: sign.reasons,
    evidence: [{ path, at: sign.at }],
  };
}
