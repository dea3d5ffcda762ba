import type { Incident } from '../../events/incident.ts';
import { severityRank } from '../../events/finding.ts';
import type { Notice } from './notice.ts';
import type { ToldIncident } from './told.ts';

/** Risk points that an incident must gain to be told again, when nothing else about it changed. */
const tellingGain = 5;

/**
 * What changed between two judgements, worst first. The first judgement finds everything standing, but for what has come or grown since an
 * earlier watch of the case told its incidents.
 */
export class IncidentChanges {
  readonly #toldBefore: ReadonlyMap<string, ToldIncident> | undefined;
  #known: ReadonlyMap<string, Incident> | undefined;

  constructor(toldBefore?: ReadonlyMap<string, ToldIncident>) {
    this.#toldBefore = toldBefore;
  }

  *next(incidents: readonly Incident[]): Generator<Notice> {
    const before = this.#known;
    const told = before ?? this.#toldBefore;
    this.#known = new Map(incidents.map((incident) => [incident.id, incident]));
    for (const incident of [...incidents].sort((a, b) => b.risk - a.risk)) {
      const known = told?.get(incident.id);
      if (told !== undefined && known === undefined) yield { type: 'incident', change: 'new', incident };
      else if (known !== undefined && hasGrown(known, incident)) yield { type: 'incident', change: 'grown', incident };
      else if (before === undefined) yield { type: 'incident', change: 'standing', incident };
    }
    for (const [id, incident] of before ?? []) {
      if (!this.#known.has(id)) yield { type: 'incident', change: 'over', incident };
    }
  }
}

function hasGrown(before: ToldIncident, now: Incident): boolean {
  return (
    severityRank(now.severity) > severityRank(before.severity) ||
    now.risk >= before.risk + tellingGain ||
    now.attack.some((technique) => !before.attack.includes(technique))
  );
}
