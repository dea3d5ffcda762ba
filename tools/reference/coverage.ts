import { families } from '../families.ts';
import { backdoorPoints, containerPoints, type GuidePoint } from './guide-points.ts';
import { code, referencePage, table, type GeneratedFile } from './page.ts';
import { pluginsOf } from './registries.ts';

/** Which plug-ins serve which point of the two guides, and openly which points nothing serves. Fails on an unknown point. */
export async function coveragePage(): Promise<GeneratedFile> {
  const points = [...containerPoints, ...backdoorPoints];
  const servedBy = new Map<string, string[]>(points.map((point) => [point.id, []]));
  for (const family of families) {
    for (const plugin of await pluginsOf(family.id)) {
      for (const id of plugin.guide ?? []) serversOf(servedBy, id, plugin.id).push(`${family.id} ${code(plugin.id)}`);
    }
  }
  const rows = (some: readonly GuidePoint[]): string[][] =>
    some.map(({ id, text }) => [id, text, listText(servedBy.get(id) ?? [])]);
  const served = [...servedBy.values()].filter((servers) => servers.length > 0).length;
  return referencePage('guide-coverage', 'Coverage of the guides', [
    `Vakthund grew from two guides: how to run safer containers, and how to find backdoors. Each definition names the points that it serves; "serves" means that it helps with the point, not that the point is done with. Of ${points.length} points ${served} are served and ${points.length - served} are not.`,
    '## Safer containers',
    table(['point', 'asks for', 'served by'], rows(containerPoints)),
    '## Finding backdoors',
    table(['point', 'asks for', 'served by'], rows(backdoorPoints)),
  ]);
}

function serversOf(servedBy: ReadonlyMap<string, string[]>, pointId: string, pluginId: string): string[] {
  const list = servedBy.get(pointId);
  if (list === undefined) throw new Error(`"${pluginId}" names the guide point "${pointId}", which does not exist`);
  return list;
}

function listText(servers: readonly string[]): string {
  return servers.length > 0 ? servers.join(', ') : 'not served yet';
}
