import { defineHostTable } from '../table.ts';
import { nameOf } from '../../tree/tree.ts';
import { numberAttribute } from '../sysfs.ts';

export const table = defineHostTable({
  id: 'interface_ipv6',
  title: 'IPv6 settings of interfaces',
  description: 'From `/proc/sys/net/ipv6/conf`.',
  columns: {
    interface: 'text',
    hop_limit: 'integer',
    forwarding_enabled: 'integer',
    redirect_accept: 'integer',
    rtadv_accept: 'integer',
  },
  needs: 'live',
  *rows(context) {
    for (const { path } of context.tree.list('/proc/sys/net/ipv6/conf')) {
      yield {
        interface: nameOf(path),
        hop_limit: numberAttribute(context, `${path}/hop_limit`),
        forwarding_enabled: numberAttribute(context, `${path}/forwarding`),
        redirect_accept: numberAttribute(context, `${path}/accept_redirects`),
        rtadv_accept: numberAttribute(context, `${path}/accept_ra`),
      };
    }
  },
});
