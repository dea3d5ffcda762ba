import { z } from 'zod';
import { defineAnalytic } from '../../analytic.ts';
import { pointersOf } from '../../make-finding.ts';
import { toFinding } from './finding.ts';
import { oddServers, pointersToServer } from './queries.ts';
import { scoreServer, toServer } from './server.ts';

const settings = z.strictObject({
  min_score: z.number().min(0).max(1).default(0.25).describe('Servers below this make no finding.'),
});

export const analytic = defineAnalytic({
  id: 'tls-oddity',
  title: 'TLS servers that no honest service would run',
  description:
    'TLS servers outside whose certificate stands for nothing: made by themselves, under the names that come with tools of attackers, expired, valid for decades or since hours, or not for the name that was asked for; connections without a server name; and versions that are long forbidden. One oddity alone stays low: appliances are full of them. Servers that many machines here use count less.',
  reads: ['tls'],
  attack: ['T1573.002', 'T1587.003', 'T1071.001'],
  guide: ['B13', 'B14', 'B20'],
  references: ['https://attack.mitre.org/techniques/T1587/003/', 'https://www.rfc-editor.org/rfc/rfc8996'],
  settings,
  async *run({ store, timeCondition, settings: { min_score: leastScore } }) {
    for (const row of await store.query(oddServers(store.macros, timeCondition))) {
      const server = toServer(row);
      const judged = scoreServer(server);
      if (judged.score < leastScore) continue;
      const [found] = await store.query(pointersToServer(store.macros, timeCondition), [
        server.source,
        server.destination,
        server.port,
      ]);
      yield toFinding(server, judged, found === undefined ? [] : pointersOf(found));
    }
  },
});
