import type { Inspection } from '../inspect/claim.ts';
import type { KeptInspection } from './inspection.ts';

export type KeptInspections = Readonly<Record<string, KeptInspection>>;

/**
 * What a case keeps when one more inspection is joined to it. It takes the place of the one before of the same command and subject; where its
 * files are told by their whole paths, it also takes the place of what the same command said of those files under another subject: a folder,
 * and then a file of it.
 */
export function withInspection(
  before: KeptInspections,
  { by, subject, hasWholePaths }: Inspection,
  kept: KeptInspection,
  pathOf: (evidenceId: number) => string | undefined,
): KeptInspections {
  const own = `${by} ${subject}`;
  if (hasWholePaths !== true) return { ...before, [own]: kept };
  const pathsOf = ({ evidence }: KeptInspection['findings'][number]): (string | undefined)[] =>
    evidence.map(({ evidence_id: id }) => pathOf(id));
  const seen = new Set([subject, ...kept.findings.flatMap(pathsOf)]);
  const others = Object.entries(before).map(([key, other]): [string, KeptInspection] => {
    if (!key.startsWith(`${by} `)) return [key, other];
    return [
      key,
      { ...other, findings: other.findings.filter((finding) => !pathsOf(finding).every((path) => seen.has(path))) },
    ];
  });
  return { ...Object.fromEntries(others), [own]: kept };
}
