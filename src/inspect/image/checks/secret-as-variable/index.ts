import { defineCheck } from '../../check.ts';
import { cisKubernetes, docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'secret-as-variable',
  title: 'secret that is given as a variable',
  severity: 'info',
  why: 'Variables are handed on to every program that is started, and stand in crash reports and in /proc; a file can be read by those alone who need it, and changes when the secret does.',
  fix: 'mount the secret as a volume, and give the program its path',
  vanishes: 'the secret were mounted as a file',
  references: [
    ...docs('https://kubernetes.io/docs/concepts/security/secrets-good-practices/'),
    ...cisKubernetes('5.4.1'),
  ],
  guide: ['C04'],
  attack: ['T1552.007'],
  *pod({ containers }) {
    for (const { name, cursor } of containers) {
      const single = cursor
        .get('env')
        .items()
        .filter((variable) => variable.get('valueFrom', 'secretKeyRef').isThere);
      const whole = cursor
        .get('envFrom')
        .items()
        .filter((source) => source.get('secretRef').isThere);
      const first = single[0] ?? whole[0];
      if (first === undefined) continue;
      const named = [
        ...single.map((variable) => variable.get('name').text() ?? ''),
        ...whole.map((source) => `all of ${source.get('secretRef', 'name').text() ?? ''}`),
      ];
      const more = named.length > 3 ? ` and ${named.length - 3} more` : '';
      yield { at: first.place, what: `gives ${name} secrets as variables: ${named.slice(0, 3).join(', ')}${more}` };
    }
  },
});
