import { defineAnalytic, type AnalyticContext } from '../../analytic.ts';
import type { Finding } from '../../../events/finding.ts';
import { commonHosts } from '../../pairs/rarity.ts';
import { readHistory } from '../../pairs/youth.ts';
import { ritaFindings } from '../../rita/findings.ts';
import { toFinding } from './finding.ts';
import { readLongLinks } from './long-links.ts';
import { settings, type LongConnectionSettings } from './settings.ts';

export const analytic = defineAnalytic({
  id: 'long-connection',
  title: 'Long connections',
  description:
    'Finds connections of local hosts to outside that last for hours, open ones included, by how long any was open in a day. ' +
    "The score follows RITA's steps of one, four, eight and twelve hours and falls with the number of local hosts that use the destination. " +
    'Only connections of ten minutes and more count, so that browsing does not add up. ' +
    "Severity stays low unless the destination is rare. RITA's own score can be chosen instead.",
  reads: ['flow'],
  countsCalls: true,
  attack: ['T1071', 'T1071.001', 'T1571', 'T1572', 'T1573', 'T1095'],
  guide: ['B01', 'B12'],
  references: ['https://attack.mitre.org/techniques/T1071/', 'https://github.com/activecm/rita'],
  settings,
  async *run(context) {
    const { profile } = context.settings;
    if (profile === 'vakthund') yield* await findLongConnections(context);
    else yield* await ritaFindings(context, profile, 'analytics/long-connection', ['longConnection']);
  },
});

/** Our own judgement, strongest first. What many hosts use, by address or by name, is left out. */
async function findLongConnections(context: AnalyticContext<LongConnectionSettings>): Promise<Finding[]> {
  const { settings: set, networks, store } = context;
  const links = (await readLongLinks(context)).filter((link) => !networks.isGroup(link.destination));
  const history = await readHistory(store);
  const findings: Finding[] = [];
  for (const link of links) {
    const isInternal = networks.isLocal(link.destination);
    if (isInternal && !set.include_internal) continue;
    if (link.nameHosts >= commonHosts(link.networkSize)) continue;
    const finding = toFinding(link, isInternal, history);
    if (finding.score >= set.min_score) findings.push(finding);
  }
  return findings.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, set.max_findings);
}
