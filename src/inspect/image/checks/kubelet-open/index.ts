import type { Severity } from '../../../../events/finding.ts';
import { defineCheck } from '../../check.ts';
import type { Cursor } from '../../inputs/cursor.ts';
import { hasWeakSuite } from '../_shared/component-flags.ts';
import { cisKubernetes, docs } from '../_shared/references.ts';

/** A setting of `KubeletConfiguration` (v1beta1, its defaults are those of the file, not of the flags), and when it is wrong. */
type Rule = readonly [
  cis: string,
  keys: readonly string[],
  severity: Severity,
  isWrong: (setting: Cursor) => boolean,
  what: string,
];

const rules: readonly Rule[] = [
  [
    '4.2.1',
    ['authentication', 'anonymous', 'enabled'],
    'critical',
    (at) => at.flag() === true,
    'takes requests without a name',
  ],
  ['4.2.2', ['authorization', 'mode'], 'critical', (at) => at.text() === 'AlwaysAllow', 'lets everybody do everything'],
  ['4.2.3', ['authentication', 'x509', 'clientCAFile'], 'medium', (at) => !at.isThere, 'knows nobody by certificate'],
  ['4.2.4', ['readOnlyPort'], 'medium', (at) => (at.number() ?? 0) !== 0, 'tells of all pods without asking who it is'],
  ['4.2.10', ['rotateCertificates'], 'low', (at) => at.flag() === false, 'does not renew its certificate'],
  [
    '4.2.6',
    ['makeIPTablesUtilChains'],
    'low',
    (at) => at.flag() === false,
    'does not look after the firewall of its node',
  ],
  [
    '4.2.5',
    ['streamingConnectionIdleTimeout'],
    'low',
    (at) => /^0[a-z]*$/.test(at.text() ?? ''),
    'never ends idle connections',
  ],
  [
    '4.2.11',
    ['featureGates', 'RotateKubeletServerCertificate'],
    'low',
    (at) => at.flag() === false,
    'does not renew the certificate of its server',
  ],
];

export const check = defineCheck({
  id: 'kubelet-open',
  title: 'kubelet that asks too little',
  severity: 'high',
  why: 'The kubelet runs commands in every pod of its node and hands out their logs; whoever it lets in has what the pods have, past the audit of the API server.',
  fix: 'set it in /var/lib/kubelet/config.yaml, and restart the kubelet',
  vanishes: 'the setting were as recommended',
  references: [
    ...docs('https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/'),
    ...cisKubernetes(...rules.map(([id]) => id), '4.2.12'),
  ],
  guide: ['C04'],
  attack: ['T1609', 'T1133'],
  *object({ kind, group, root }) {
    if (group !== 'kubelet.config.k8s.io' || kind !== 'KubeletConfiguration') return;
    for (const [id, keys, severity, isWrong, what] of rules) {
      const setting = root.get(...keys);
      if (isWrong(setting)) {
        yield { at: setting.place, what: `${what} (${said(keys, setting)})`, severity, references: cisKubernetes(id) };
      }
    }
    const suites = root.get('tlsCipherSuites').texts();
    const weak = suites.find(({ value }) => hasWeakSuite(value));
    if (weak !== undefined) {
      yield {
        at: weak.at,
        what: `offers the weak cipher ${weak.value}`,
        severity: 'low',
        references: cisKubernetes('4.2.12'),
      };
    }
  },
});

function said(keys: readonly string[], setting: Cursor): string {
  return setting.isThere ? `${keys.join('.')}: ${setting.text() ?? ''}` : `no ${keys.join('.')}`;
}
