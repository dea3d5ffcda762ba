import { defineCheck } from '../../check.ts';
import { docs } from '../_shared/references.ts';

/** Annotations of ingress-nginx whose text becomes part of its configuration. */
const snippet = /^nginx\.ingress\.kubernetes\.io\/(?:configuration|server|stream|auth|modsecurity)-snippet$/;

export const check = defineCheck({
  id: 'ingress-snippet',
  title: 'ingress that writes into the configuration of its controller',
  severity: 'medium',
  why: 'The controller has the secrets of all namespaces: a snippet reads its token and files, or runs programs in it (CVE-2021-25742).',
  fix: 'use the annotations that are made for it, and set `allow-snippet-annotations: "false"`',
  vanishes: 'the ingress had no snippet',
  references: docs('https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations-risk/'),
  guide: ['C04'],
  attack: ['T1190', 'T1552.007'],
  *object({ kind, root }) {
    if (kind !== 'Ingress') return;
    for (const [name, value] of root.get('metadata', 'annotations').entries()) {
      if (snippet.test(name) && (value.text() ?? '').trim() !== '') {
        yield { at: value.place, what: `writes ${name.slice(name.indexOf('/') + 1)} into its controller` };
      }
    }
  },
});
