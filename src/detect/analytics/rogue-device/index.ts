import { z } from 'zod';
import { defineAnalytic } from '../../analytic.ts';
import { toDevice, watchedBefore } from './device.ts';
import { contestedFinding, deviceFinding } from './findings.ts';
import { contested, devices, spans } from './queries.ts';
import { scoreDevice, surveyDevices } from './score.ts';

const settings = z.strictObject({
  min_score: z.number().min(0).max(1).default(0.25).describe('Devices below this make no finding.'),
  known_devices: z
    .array(z.string().regex(/^(?:[0-9a-f]{2}:){2,5}[0-9a-f]{2}$/i))
    .default([])
    .describe(
      'Hardware addresses, or beginnings of them, of devices that belong here: `b8:27:eb:01:02:03`, `b8:27:eb`.',
    ),
});

export const analytic = defineAnalytic({
  id: 'rogue-device',
  title: 'Devices that do not belong',
  description:
    'Devices of the local network by their hardware address, from ARP and DHCP: small computers, travel routers and modems that fit into other equipment, names that they give themselves, a DHCP client unlike all others, and sweeps by ARP. A device weighs more when earlier evidence of the case did not have it. Also addresses that two devices claim in turn, as when one stands in another’s place.',
  reads: ['device', 'dhcp'],
  attack: ['T1200', 'T1018', 'T1557.002'],
  guide: ['B25'],
  references: ['https://attack.mitre.org/techniques/T1200/', 'https://standards-oui.ieee.org/'],
  settings,
  async *run({ store, timeCondition, settings: { min_score: leastScore, known_devices: known } }) {
    const all = (await store.query(devices(store.macros, timeCondition))).map(toDevice);
    const network = surveyDevices(all);
    const watched = (await store.query(spans(store.macros))).map((row) => ({
      first: Number(row['first']),
      last: Number(row['last']),
    }));
    const prefixes = known.map((prefix) => prefix.toLowerCase());
    for (const device of all) {
      if (prefixes.some((prefix) => device.mac.startsWith(prefix))) continue;
      const before = watchedBefore(device, watched);
      const judged = scoreDevice(device, { ...network, watchedBefore: before });
      if (judged.score >= leastScore) yield deviceFinding(device, { ...judged, isNew: before !== undefined });
    }
    for (const row of await store.query(contested(store.macros, timeCondition))) yield contestedFinding(row);
  },
});
