import { defineCataloger } from '../../cataloger.ts';
import { Findings } from '../../findings.ts';
import { asList, asObject, asText } from '../../json.ts';
import { purlOf } from '../../purl.ts';
import { microsPerSecond } from '../../../../base/time.ts';

export const cataloger = defineCataloger({
  id: 'bottlerocket',
  title: 'Packages of Bottlerocket',
  description:
    'The inventory of Bottlerocket, `usr/share/bottlerocket/application-inventory.json`, which it has in place of a database of RPM.',
  references: ['https://bottlerocket.dev/en/os/latest/concepts/variants/'],
  guide: ['C25'],
  wants: ({ path }) => path.endsWith('/bottlerocket/application-inventory.json'),
  catalog(entries, { tree }) {
    const findings = new Findings();
    for (const entry of entries) {
      if (entry.type !== 'file') continue;
      for (const item of asList(asObject(findings.json(tree, entry))['Content']).map(asObject)) {
        const name = asText(item['Name']);
        const version = asText(item['Version']);
        if (name === undefined || version === undefined) {
          findings.problem(entry.path, 'bad-record', 'a package has no name or version; it was skipped');
          continue;
        }
        const release = asText(item['Release']);
        const plain = release === undefined ? version : `${version}-${release}`;
        const epoch = /^[1-9]\d{0,9}$/.exec(asText(item['Epoch']) ?? '')?.[0];
        const architecture = asText(item['Architecture']);
        const installed = Date.parse(asText(item['InstalledTime']) ?? '');
        findings.add({
          name,
          version: epoch === undefined ? plain : `${epoch}:${plain}`,
          type: 'rpm',
          purl: purlOf('rpm', name, plain, { namespace: 'bottlerocket', qualifiers: { arch: architecture, epoch } }),
          architecture,
          locations: [entry.path],
          layer: entry.layer,
          installedAt: Number.isNaN(installed) ? undefined : (installed / 1000) * microsPerSecond,
          foundBy: 'bottlerocket',
        });
      }
    }
    return findings.done();
  },
});
