import type { InventoryRow } from '../../tests/support/inventory/row.ts';
import { inventory } from '../../tests/support/inventory/rows.ts';
import { families } from '../families.ts';
import { code, codes, referencePage, table, type GeneratedFile } from './page.ts';
import { pluginsOf } from './registries.ts';

/**
 * Which class of persistence is covered by what, how it is judged, and what proves it: from the rows that
 * `tests/host-inventory.test.ts` plants, and holds against the plug-ins that there are.
 */
export function inventoryPage(): GeneratedFile {
  const rows = Object.values(inventory).flat();
  const found = rows.filter(({ plant }) => plant !== undefined);
  const simulated = rows.flatMap(({ simulations = [] }) => simulations);
  const open = rows.filter((row) => row.open !== undefined);
  return referencePage('persistence-inventory', 'Persistence, class by class', [
    `The ${rows.length} classes of persistence and backdoors that are told apart, and what covers each. ${found.length} are planted by a test that asks for the detector, the place and the severity named here, and for nothing above low from its honest twin; the others have no file or process to plant, and are covered by sources, checks, tables and analytics with tests of their own. ${simulated.length} simulated backdoors of the corpus are planted on a live machine too.`,
    'An honest twin "of a package" is the very same files, delivered by an installed package. How the techniques work: [persistence](persistence.md).',
    ...Object.entries(inventory).flatMap(([title, group]) => [`## ${title}`, groupTable(group)]),
    '## What is not looked at',
    `Of ${open.length} classes a part is left to others, or to nobody:`,
    open.map(({ id, open: what = '' }) => `- ${code(id)}: ${what}`).join('\n'),
  ]);
}

function groupTable(rows: readonly InventoryRow[]): string {
  const head = ['class', 'planted', 'covered by', 'judged by', 'comes out as', 'honest twin', 'simulation'];
  return table(
    head,
    rows.map((row) => [
      code(row.id),
      row.title,
      [codes(row.techniques), ...(row.others ?? [])].filter((text) => text !== '').join(', '),
      row.judged,
      row.plant === undefined ? '' : `${row.plant.severity}, \`${row.plant.detector}\` at \`${row.plant.path}\``,
      twinText(row),
      codes(row.simulations ?? []),
    ]),
  );
}

function twinText({ twin }: InventoryRow): string {
  return twin === 'packaged' ? 'of a package' : (twin?.what ?? '');
}

const familyOf: Readonly<Record<string, string>> = { table: 'host-table' };

/** Plug-ins that rows name and that do not exist, as `persistence "cron" of cron.system`. */
export async function unknownPlugins(rows: readonly InventoryRow[]): Promise<string[]> {
  const unknown: string[] = [];
  for (const { id, techniques, others = [] } of rows) {
    const named = [...techniques.map((technique) => ['persistence', technique]), ...others.map(parts)];
    for (const [word = '', plugin = ''] of named) {
      const family = familyOf[word] ?? word;
      const known = families.some((one) => one.id === family) ? await pluginsOf(family) : [];
      if (!known.some((one) => one.id === plugin)) unknown.push(`${word} "${plugin}" of ${id}`);
    }
  }
  return unknown;
}

/** "table `mounts`" as `table`, `mounts`. */
function parts(other: string): string[] {
  const { word = '', plugin = '' } = /^(?<word>[\w-]+) `(?<plugin>[^`]+)`$/.exec(other)?.groups ?? {};
  return [word, plugin];
}
