import type { Incident } from '../../events/incident.ts';
import { severityRank } from '../../events/finding.ts';
import type { Notice } from './notice.ts';

/** Risk points that an incident must gain to be told again, when nothing else about it changed. */
const tellingGain = 5;

/** What changed between two judgements, worst first. The first judgement finds everything standing. */
export class IncidentChanges {
  #known: ReadonlyMap<string, Incident> | undefined;

  *next(incidents: readonly Incident[]): Generator<Notice> {
    const before = this.#known;
    this.#known = new Map(incidents.map((incident) => [incident.id, incident]));
    for (const incident of [...incidents].sort((a, b) => b.risk - a.risk)) {
      const known = before?.get(incident.id);
      if (before === undefined) yield { type: 'incident', change: 'standing', incident };
      else if (known === undefined) yield { type: 'incident', change: 'new', incident };
      else if (hasGrown(known, incident)) yield { type: 'incident', change: 'grown', incident };
    }
    for (const [id, incident] of before ?? []) {
      if (!this.#known.has(id)) yield { type: 'incident', change: 'over', incident };
    }
  }
}

function hasGrown(before: Incident, now: Incident): boolean {
  return (
    severityRank(now.severity) > severityRank(before.severity) ||
    now.risk >= before.risk + tellingGain ||
    now.attack.some((technique) => !before.attack.includes(technique))
  );
}
