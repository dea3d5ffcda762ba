import { plainLines, readLines } from '../../locations.ts';
import { defineTechnique } from '../../technique.ts';

/** Names that a host file has no business with: updates and protection come from there. */
const guarded =
  /(?:^|\.)(?:debian\.org|ubuntu\.com|alpinelinux\.org|redhat\.com|fedoraproject\.org|centos\.org|archlinux\.org|pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|rubygems\.org|crates\.io|golang\.org|github\.com|githubusercontent\.com|gitlab\.com|docker\.(?:io|com)|quay\.io|gcr\.io|clamav\.net|virustotal\.com|letsencrypt\.org|microsoft\.com|windowsupdate\.com|kernel\.org|snapcraft\.io)$/i;

export const technique = defineTechnique({
  id: 'resolver',
  title: 'Names that lead elsewhere',
  description:
    'Lines of the host file that send the names of update servers, registries and protection to other addresses, or to nowhere.',
  places: ['/etc/hosts'],
  attack: ['T1565.001', 'T1562.001'],
  guide: ['B02'],
  references: ['https://man7.org/linux/man-pages/man5/hosts.5.html'],
  *find({ tree }) {
    for (const { line, text } of plainLines(readLines(tree, '/etc/hosts'))) {
      const [address = '', ...names] = (text.split('#')[0] ?? '').trim().split(/\s+/);
      const name = names.find((one) => guarded.test(one));
      if (name === undefined) continue;
      const isNowhere = /^(?:0\.0\.0\.0|127\.|::1$|::$)/.test(address);
      yield {
        path: '/etc/hosts',
        line,
        title: 'name of an update server',
        unowned: 0,
        isJudgedAnyway: true,
        addresses: [address],
        signs: [
          {
            what: isNowhere ? 'leads nowhere' : 'leads to another address',
            value: `${name} is ${address}`,
            weight: isNowhere ? 0.45 : 0.55,
          },
        ],
      };
    }
  },
});
