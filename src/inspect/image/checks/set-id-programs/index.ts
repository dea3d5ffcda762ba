import { defineCheck } from '../../check.ts';
import { nameOf } from '../../../tree/tree.ts';
import { cis } from '../_shared/references.ts';

/** What distributions give a set-id bit to themselves. */
const usual = new Set(
  'su sudo mount umount passwd chsh chfn newgrp gpasswd chage expiry wall write bsd-write unix_chkpwd pam_extrausers_chkpwd ssh-keysign ssh-agent pkexec polkit-agent-helper-1 dbus-daemon-launch-helper fusermount fusermount3 crontab at bbsuid ping ping6 newuidmap newgidmap pam_timestamp_check userhelper utempter lockfile dotlockfile ksu sg traceroute6.iputils locate plocate unix2_chkpwd staprun grub2-set-bootflag mount.nfs exim4 mount.cifs'.split(
    ' ',
  ),
);

export const check = defineCheck({
  id: 'set-id-programs',
  title: 'program that lends rights',
  severity: 'info',
  why: 'A program with a set-id bit turns a hole in it into the rights of its owner, most often root.',
  fix: 'take the bits away in the build (`find / -xdev -perm /6000 -type f -exec chmod a-s {} +`), and run with `no-new-privileges`',
  vanishes: 'no program had the bit',
  references: cis('4.8'),
  guide: ['C01'],
  attack: ['T1548.001'],
  *image({ at, files }) {
    const known = [];
    for (const { path, mode, uid, layer } of files?.setId ?? []) {
      if (usual.has(nameOf(path))) {
        known.push(path);
        continue;
      }
      const bit = (mode & 0o4000) === 0 ? 'set-group-id' : 'set-user-id';
      const whose = uid === 0 ? 'root' : `user ${uid}`;
      const isRoot = uid === 0 && (mode & 0o4000) !== 0;
      yield {
        at: { path: `${at.path}!${path}` },
        what: `has ${path} of ${whose} with the ${bit} bit, which is not one of the usual ones${layer === undefined ? '' : ` (layer ${layer})`}`,
        severity: isRoot ? 'medium' : 'low',
      };
    }
    if (known.length > 0) {
      yield {
        at,
        what: `has ${known.length} usual programs with set-id bits`,
        reasons: known.slice(0, 40).map((value) => ({ what: 'program', value })),
      };
    }
  },
});
