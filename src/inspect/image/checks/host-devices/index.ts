import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';

/** Devices that hold the memory and the disks of the host. */
const fatal = /^\/dev\/(?:mem|kmem|port|sd[a-z]|nvme|vd[a-z]|xvd|dm-|mapper\/|disk\/|loop|kvm|fuse|net\/tun)/;

export const check = defineCheck({
  id: 'host-devices',
  title: 'container with a device of the host',
  severity: 'medium',
  why: 'A device is a way past the file system: a disk of the host can be read and changed as a whole.',
  fix: 'take `--device` away, or give `r` only',
  vanishes: 'no device of the host were given',
  references: cis('5.18'),
  guide: ['C04', 'C09'],
  attack: ['T1611'],
  *workload({ devices }) {
    for (const { value, at } of devices) {
      yield { at, what: `has the device ${value} of the host`, severity: fatal.test(value) ? 'high' : 'medium' };
    }
  },
});
