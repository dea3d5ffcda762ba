import type { Evidence } from '../model/evidence.ts';
import { playBeacon, playCollection, playExfiltration } from './aftermath.ts';
import { playExploit } from './exploit.ts';
import { playPersistence, playShell } from './foothold.ts';

/** One intrusion, from the first request to the stolen file, on top of whatever else the day holds. */
export function playIntrusion(evidence: Evidence): void {
  const classRuns = playExploit(evidence);
  const foothold = playShell(evidence, classRuns);
  const implant = playPersistence(evidence, foothold);
  playCollection(evidence, implant);
  playBeacon(evidence, implant);
  playExfiltration(evidence, implant);
}
