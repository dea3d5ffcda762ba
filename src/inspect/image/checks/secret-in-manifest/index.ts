import { defineCheck } from '../../check.ts';
import { isSecretVariable, masked } from '../../secrets/assignment.ts';
import { findSecrets } from '../../secrets/find.ts';
import { cwe } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'secret-in-manifest',
  title: 'secret written into a manifest',
  severity: 'medium',
  why: 'Base64 hides nothing: whoever reads the repository reads the secret, and the history keeps it.',
  fix: 'keep it out of the repository (sealed or external secrets), and exchange the one that was told',
  vanishes: 'the manifest named the secret without its value',
  references: cwe(312),
  guide: ['C04'],
  attack: ['T1552.001'],
  *object({ kind, group, root }) {
    if (group !== '' || (kind !== 'Secret' && kind !== 'ConfigMap')) return;
    for (const part of ['data', 'stringData']) {
      for (const [name, value] of root.get(part).entries()) {
        const text = value.text() ?? '';
        if (text.length < 4 || /^\{\{|^\$\{|^<.*>$/.test(text)) continue;
        const isSecret = kind === 'Secret' || isSecretVariable(name, text) || findSecrets(text).length > 0;
        if (isSecret) {
          yield {
            at: value.place,
            what: `holds the value of ${name}`,
            reasons: [{ what: 'value', value: masked(text) }],
          };
        }
      }
    }
  },
});
