import { answersOf } from './answers.ts';
import { playOrdinaryDay } from './behaviours/all.ts';
import { playIntrusion } from './intrusion/play.ts';
import { createEvidence, withoutIntrusion, type Evidence } from './model/evidence.ts';
import { readmeText } from './readme-text.ts';
import { assemble, type SampleFile } from './writers/assemble.ts';
import { auditFiles } from './writers/auditd.ts';
import { containerFiles } from './writers/docker-json.ts';
import { falcoFiles } from './writers/falco.ts';
import { suricataFiles } from './writers/suricata/files.ts';
import { zeekFiles } from './writers/zeek/files.ts';

/** Every file below `samples/` with its bytes: the same on each run. */
export function generateSamples(): Map<string, Buffer> {
  const evidence = createEvidence();
  playOrdinaryDay(evidence);
  playIntrusion(evidence);
  const intrusion = filesOf(evidence);
  const quiet = filesOf(withoutIntrusion(evidence));
  const answers = answersOf(evidence, intrusion);
  return new Map([
    ...intrusion.map((file) => [`intrusion/${file.path}`, file.bytes] as const),
    ...quiet.map((file) => [`quiet/${file.path}`, file.bytes] as const),
    ['answers.json', Buffer.from(`${JSON.stringify(answers, null, 2)}\n`)],
    ['README.md', Buffer.from(readmeText(answers))],
  ]);
}

function filesOf(evidence: Evidence): SampleFile[] {
  const logs = [
    ...zeekFiles(evidence),
    ...suricataFiles(evidence),
    ...auditFiles(evidence),
    ...falcoFiles(evidence),
    ...containerFiles(evidence),
  ];
  return logs.map(assemble);
}
