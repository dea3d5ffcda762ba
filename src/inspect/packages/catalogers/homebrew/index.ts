import { defineCataloger } from '../../cataloger.ts';
import { Findings } from '../../findings.ts';
import { purlOf } from '../../purl.ts';

const receiptPattern = /\/Cellar\/(?<name>[^/]+)\/(?<version>[^/]+)\/INSTALL_RECEIPT\.json$/;

export const cataloger = defineCataloger({
  id: 'homebrew',
  title: 'Homebrew packages',
  description: 'Formulae that are installed, by `Cellar/NAME/VERSION/INSTALL_RECEIPT.json`.',
  references: ['https://docs.brew.sh/Formula-Cookbook#homebrew-terminology'],
  guide: ['C25'],
  wants: ({ path }) => path.endsWith('/INSTALL_RECEIPT.json'),
  catalog(entries) {
    const findings = new Findings();
    for (const { path, layer } of entries) {
      const { name, version } = receiptPattern.exec(path)?.groups ?? {};
      if (name === undefined || version === undefined) continue;
      const purl = purlOf('brew', name, version);
      findings.add({ name, version, type: 'brew', purl, locations: [path], layer, foundBy: 'homebrew' });
    }
    return findings.done();
  },
});
