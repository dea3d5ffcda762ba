import { parentOf } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { Findings } from '../../findings.ts';
import { asObject, asText } from '../../json.ts';
import { purlOf } from '../../purl.ts';

export const cataloger = defineCataloger({
  id: 'bitnami',
  title: 'Components of older Bitnami images',
  description:
    '`.bitnami_components.json` of images of before 2023. A component with a bill of materials of its own is listed by that one.',
  references: ['https://github.com/bitnami/vulndb', 'https://github.com/bitnami/containers'],
  guide: ['C25'],
  wants: ({ path }) => path.endsWith('/.bitnami_components.json'),
  catalog(entries, { tree }) {
    const findings = new Findings();
    for (const entry of entries) {
      if (entry.type !== 'file') continue;
      for (const [name, value] of Object.entries(asObject(findings.json(tree, entry)))) {
        const component = asObject(value);
        const written = asText(component['version']) ?? '';
        if (written === '') {
          findings.problem(entry.path, 'bad-record', 'a component has no version; it was skipped');
          continue;
        }
        const isSafe = /^[\w.+-]+$/.test(name) && name !== '..';
        const beside = isSafe ? tree.list(`${parentOf(entry.path)}/${name}`) : [];
        if (beside.some(({ path }) => path.endsWith('.spdx'))) continue;
        const version = written.replace(/-r?\d+$/, '');
        const architecture = asText(component['arch']);
        findings.add({
          name,
          version,
          type: 'bitnami',
          purl: purlOf('bitnami', name, version, {
            qualifiers: { arch: architecture, distro: asText(component['distro']) },
          }),
          architecture,
          locations: [entry.path],
          layer: entry.layer,
          foundBy: 'bitnami',
        });
      }
    }
    return findings.done();
  },
});
