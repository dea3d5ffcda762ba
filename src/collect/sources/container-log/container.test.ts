import { describe, expect, it } from 'vitest';
import { containerOf } from './container.ts';

const id = '0123456789abcdef'.repeat(4);

describe('containerOf', () => {
  it.each([
    [`/var/lib/docker/containers/${id}/${id}-json.log`, id],
    ['C:\\ProgramData\\docker\\containers\\x\\0123456789ab-json.log.1', '0123456789ab'],
    [`${id}-json.log.2.gz`, id],
    [`overlay-containers/${id}/userdata/ctr.log`, id],
  ])('knows the id in %s', (path, want) => {
    expect(containerOf(path)).toEqual({ id: want, name: null, fields: {} });
  });

  it('knows pod, namespace and container by both kinds of names', () => {
    const uid = '0f3c1e9a-1111-2222-3333-444455556666';
    expect(containerOf(`in/logs.tar/pods/kube-system_dns.a-1_${uid}/coredns/0.log.20260301-100000.gz`)).toEqual({
      id: null,
      name: 'coredns',
      fields: { namespace: 'kube-system', pod: 'dns.a-1', pod_uid: uid, restart_count: '0' },
    });
    expect(containerOf(`containers/web-1_shop_php-fpm-${id}.log`)).toEqual({
      id,
      name: 'php-fpm',
      fields: { namespace: 'shop', pod: 'web-1' },
    });
  });

  it.each(['', 'app.log', 'x0123456789ab-json.log', '0123-json.log', `${id}.log`, `${id}-json.log/x`, 'a_b_c/d/0.log'])(
    'knows nothing by %j',
    (path) => {
      expect(containerOf(path)).toEqual({ id: null, name: null, fields: {} });
    },
  );
});
