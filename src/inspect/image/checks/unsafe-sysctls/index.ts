import { defineCheck } from '../../check.ts';
import { podSecurity } from '../_shared/references.ts';

/** Those that belong to the container alone. */
const own =
  /^(?:net\.ipv4\.(?:ip_local_port_range|ip_unprivileged_port_start|ping_group_range|tcp_syncookies|ip_local_reserved_ports|tcp_keepalive_(?:time|intvl|probes)|tcp_fin_timeout|tcp_[rw]mem)|net\.core\.somaxconn|kernel\.shm_rmid_forced)$/;

export const check = defineCheck({
  id: 'unsafe-sysctls',
  title: 'container that changes settings of the kernel',
  severity: 'medium',
  why: 'Settings that are not kept apart for each container weaken the host and all its other containers.',
  fix: 'take the setting out of `sysctls`',
  vanishes: 'only settings of its own were changed',
  references: podSecurity('baseline'),
  guide: ['C04'],
  attack: [],
  *workload({ sysctls }) {
    for (const { value, at } of sysctls) if (!own.test(value)) yield { at, what: `sets ${value}` };
  },
});
