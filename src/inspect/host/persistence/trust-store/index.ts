import { X509Certificate } from 'node:crypto';
import { microsPerDay } from '../../../../base/time.ts';
import { filesIn } from '../../locations.ts';
import { defineTechnique, type Sign } from '../../technique.ts';
import { addedToBundle } from './bundle.ts';

const folders = [
  '/usr/local/share/ca-certificates',
  '/etc/ca-certificates/trust-source/anchors',
  '/etc/pki/ca-trust/source/anchors',
  '/usr/share/pki/trust/anchors',
  '/etc/ssl/certs',
];
const maxBytes = 2 ** 20;

export const technique = defineTechnique({
  id: 'trust-store',
  title: 'Added certificate authorities',
  description:
    'Authorities that somebody added to the trusted ones of the system: whoever has their key can read and change encrypted connections of this machine. Companies have good reasons to; each is shown. One that stands only in the bundle was put there past the tools.',
  places: folders.map((folder) => `${folder}/*`),
  attack: ['T1553.004'],
  guide: ['B13'],
  references: ['https://attack.mitre.org/techniques/T1553/004/'],
  *find({ tree, ownership }) {
    for (const { path, type } of filesIn(
      tree,
      folders,
      (name) =>
        /\.(?:crt|pem|cer|der)$/i.test(name) && !name.startsWith('ca-certificates') && !name.startsWith('ca-bundle'),
    )) {
      if (type !== 'file') continue;
      const certificate = parsed(tree.read(path, maxBytes));
      if (certificate === undefined || !certificate.ca || ownership.standing(path).kind === 'made') continue;
      yield { path, title: 'certificate authority', unowned: 0.2, signs: signsOf(certificate) };
    }
    yield* addedToBundle(tree);
  },
});

function signsOf(certificate: X509Certificate): Sign[] {
  const subject = certificate.subject.replaceAll('\n', ', ');
  const days = (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / (microsPerDay / 1000);
  const signs: Sign[] = [{ what: 'is trusted for every name', value: subject, weight: 0.15 }];
  if (days > 9000) {
    signs.push({ what: 'is valid for very long', value: `${Math.round(days / 365)} years`, weight: 0.05 });
  }
  return signs;
}

function parsed(bytes: Buffer | undefined): X509Certificate | undefined {
  try {
    return bytes === undefined ? undefined : new X509Certificate(bytes);
  } catch {
    return undefined;
  }
}
